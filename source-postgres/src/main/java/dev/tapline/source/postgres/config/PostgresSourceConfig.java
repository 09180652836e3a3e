package dev.tapline.source.postgres.config;

import dev.tapline.source.postgres.connection.Address;
import dev.tapline.source.postgres.connection.ConnectionConfig;
import dev.tapline.source.postgres.connection.Endpoint;
import dev.tapline.source.postgres.connection.Environment;
import dev.tapline.source.postgres.connection.ssh.SshOptions;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigKey;
import dev.tapline.spi.config.ConfigProblem;
import dev.tapline.spi.config.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The source's section of a descriptor: which server, which databases, and how to read them.
///
/// @param connection how to connect
/// @param databases the databases to read; empty for every one that the user may connect to
/// @param splitSize bytes of a table that one scan reads
/// @param partitions whether partitions are listed beside their parents
/// @param replication how the log is read
public record PostgresSourceConfig(
    ConnectionConfig connection,
    List<String> databases,
    long splitSize,
    boolean partitions,
    ReplicationConfig replication) {
  private static final List<ConfigKey<?>> EXCLUDED_BY_URL =
      List.of(
          PostgresSourceOptions.HOST,
          PostgresSourceOptions.PORT,
          PostgresSourceOptions.DATABASE,
          PostgresSourceOptions.USER,
          PostgresSourceOptions.PASSWORD,
          PostgresSourceOptions.SERVICE,
          PostgresSourceOptions.TARGET_SESSION_ATTRS,
          PostgresSourceOptions.SSLMODE,
          PostgresSourceOptions.SSLROOTCERT,
          PostgresSourceOptions.SSLCERT,
          PostgresSourceOptions.SSLKEY,
          PostgresSourceOptions.CHANNEL_BINDING);

  public PostgresSourceConfig {
    databases = List.copyOf(databases);
  }

  /// Whether every database that the user may connect to is meant.
  public boolean everyDatabase() {
    return databases.isEmpty();
  }

  /// Reads a descriptor's section, and what stands around it.
  ///
  /// @param problems receives every problem; the result must not be used if there is one
  public static PostgresSourceConfig read(
      Config config, Environment environment, Consumer<ConfigProblem> problems) {
    ConnectionParameters parameters = new ConnectionParameters(problems);
    config.find(PostgresSourceOptions.URL).ifPresent(url -> offerUrl(config, url, parameters));
    offerKeys(config, parameters);
    parameters
        .find("service")
        .or(() ->
            environment
                .variable("PGSERVICE")
                .map(name -> new ConnectionParameters.Value(name, "PGSERVICE", List.of())))
        .ifPresent(service -> offerService(service, environment, parameters));
    parameters.offerVariables(environment);
    Endpoint endpoint = new EndpointReader(parameters, environment).read();
    if (config.has(PostgresSourceOptions.SSH)
        && endpoint.addresses().stream().anyMatch(Address::isUnixSocket)) {
      parameters.problem(
          List.of(PostgresSourceOptions.SSH.name()),
          "a Unix socket is not reached through SSH; set source.host to localhost, which is then the SSH server itself");
    }
    Duration connectTimeout = connectTimeout(config, parameters);
    ConnectionConfig connection =
        new ConnectionConfig(
            endpoint,
            config
                .find(PostgresSourceOptions.SSH)
                .map(section ->
                    SshOptions.read(
                        PostgresSourceOptions.SSH.name(),
                        section,
                        connectTimeout,
                        environment.home(),
                        problems)),
            parameters
                .text("application_name")
                .or(() -> parameters.text("fallback_application_name"))
                .orElse(config.get(PostgresSourceOptions.APPLICATION_NAME)),
            connectTimeout,
            KeepaliveReader.read(parameters),
            config.find(PostgresSourceOptions.STATEMENT_TIMEOUT).orElse(Duration.ZERO),
            notes(parameters));
    return new PostgresSourceConfig(
        connection,
        databases(config, endpoint, problems),
        config.get(PostgresSourceOptions.SPLIT_SIZE),
        config.get(PostgresSourceOptions.PARTITIONS),
        ReplicationConfig.read(config, problems));
  }

  private static void offerUrl(Config config, Secret url, ConnectionParameters parameters) {
    for (ConfigKey<?> key : EXCLUDED_BY_URL) {
      if (config.has(key)) {
        parameters.problem(
            List.of(key.name()),
            "'url' and '" + key.name() + "' exclude each other; say it in one of the two");
      }
    }
    List<String> path = List.of(PostgresSourceOptions.URL.name());
    String text;
    try {
      text = url.reveal();
    } catch (UncheckedIOException e) {
      parameters.problem(path, "'url' cannot be had: " + e.getMessage());
      return;
    }
    ConnectionUrl.offer(text, path, parameters);
    renew(parameters, again -> ConnectionUrl.offer(url.anew(), path, again));
  }

  private static void offerKeys(Config config, ConnectionParameters parameters) {
    offer(config, "host", PostgresSourceOptions.HOST, parameters);
    offer(config, "port", PostgresSourceOptions.PORT, parameters);
    offer(config, "dbname", PostgresSourceOptions.DATABASE, parameters);
    offer(config, "user", PostgresSourceOptions.USER, parameters);
    offer(config, "service", PostgresSourceOptions.SERVICE, parameters);
    offer(config, "application_name", PostgresSourceOptions.APPLICATION_NAME, parameters);
    offer(config, "sslrootcert", PostgresSourceOptions.SSLROOTCERT, parameters);
    offer(config, "sslcert", PostgresSourceOptions.SSLCERT, parameters);
    offer(config, "sslkey", PostgresSourceOptions.SSLKEY, parameters);
    if (config.has(PostgresSourceOptions.SSLMODE)) {
      parameters.offer(
          "sslmode",
          PostgresSourceOptions.SSLMODE,
          config.get(PostgresSourceOptions.SSLMODE).word());
    }
    config
        .find(PostgresSourceOptions.CHANNEL_BINDING)
        .ifPresent(binding ->
            parameters.offer(
                "channel_binding", PostgresSourceOptions.CHANNEL_BINDING, binding.word()));
    config
        .find(PostgresSourceOptions.TARGET_SESSION_ATTRS)
        .ifPresent(target ->
            parameters.offer(
                "target_session_attrs", PostgresSourceOptions.TARGET_SESSION_ATTRS, target.word()));
    config
        .find(PostgresSourceOptions.PASSWORD)
        .ifPresent(secret -> offer("password", PostgresSourceOptions.PASSWORD, secret, parameters));
    config
        .find(PostgresSourceOptions.SSLPASSWORD)
        .ifPresent(
            secret -> offer("sslpassword", PostgresSourceOptions.SSLPASSWORD, secret, parameters));
  }

  private static void offer(
      String name, ConfigKey<Secret> key, Secret secret, ConnectionParameters parameters) {
    // The secret is read only when it is needed: it may be the output of a program.
    parameters.offer(name, key, "");
    parameters
        .find(name)
        .filter(value -> value.path().equals(List.of(key.name())))
        .ifPresent(value -> parameters.replace(name, value.from(secret)));
  }

  private static void offerService(
      ConnectionParameters.Value service,
      Environment environment,
      ConnectionParameters parameters) {
    boolean known = parameters.find("password").isPresent();
    ServiceFile.offer(service, environment, parameters);
    if (!known) {
      renew(parameters, again -> ServiceFile.offer(service, environment, again));
    }
  }

  private interface Source {
    void offer(ConnectionParameters parameters) throws IOException;
  }

  // Has the password be read again for each login, from where it was just read.
  private static void renew(ConnectionParameters parameters, Source source) {
    parameters
        .find("password")
        .ifPresent(value ->
            parameters.replace(
                "password", value.from(Secret.from(value.text(), () -> password(source)))));
  }

  private static String password(Source source) throws IOException {
    ConnectionParameters again = new ConnectionParameters(problem -> {});
    source.offer(again);
    return again
        .text("password")
        .orElseThrow(() -> new IOException("the password is not there any more"));
  }

  // A key's own default stands behind the environment, so only what was written is offered.
  private static void offer(
      Config config, String name, ConfigKey<?> key, ConnectionParameters parameters) {
    if (config.has(key)) {
      parameters.offer(name, key, config.get(key).toString());
    }
  }

  private static List<String> notes(ConnectionParameters parameters) {
    List<String> notes = new ArrayList<>();
    parameters
        .find("client_encoding")
        .filter(value -> !value.text().matches("(?i)auto|utf-?8|unicode"))
        .ifPresent(value ->
            notes.add(
                "%s '%s' has no effect: text always comes in Unicode"
                    .formatted(value.origin(), value.text())));
    parameters
        .find("tcp_user_timeout")
        .filter(value -> !value.text().strip().equals("0"))
        .ifPresent(value ->
            notes.add(
                "%s: Java cannot set it; keepalives find a connection of which nothing is heard in that time, but not one that has not taken what was sent"
                    .formatted(value.origin())));
    return notes;
  }

  private static Duration connectTimeout(Config config, ConnectionParameters parameters) {
    Optional<ConnectionParameters.Value> seconds = parameters.find("connect_timeout");
    if (config.has(PostgresSourceOptions.CONNECT_TIMEOUT) || seconds.isEmpty()) {
      return config.get(PostgresSourceOptions.CONNECT_TIMEOUT);
    }
    try {
      long wait = Long.parseLong(seconds.get().text().strip());
      // In libpq's words, 0 is no limit.
      return wait <= 0 ? Duration.ofDays(1) : Duration.ofSeconds(wait);
    } catch (NumberFormatException e) {
      parameters.problem(
          seconds.get(),
          "%s '%s' is not a number of seconds"
              .formatted(seconds.get().origin(), seconds.get().text()));
      return config.get(PostgresSourceOptions.CONNECT_TIMEOUT);
    }
  }

  private static List<String> databases(
      Config config, Endpoint endpoint, Consumer<ConfigProblem> problems) {
    if (!config.has(PostgresSourceOptions.DATABASES)) {
      return List.of(endpoint.database());
    }
    List<String> names = config.get(PostgresSourceOptions.DATABASES);
    if (config.has(PostgresSourceOptions.DATABASE)) {
      problems.accept(
          new ConfigProblem(
              PostgresSourceOptions.DATABASES,
              "'database' and 'databases' exclude each other; keep one"));
    }
    if (names.isEmpty()) {
      problems.accept(
          new ConfigProblem(
              PostgresSourceOptions.DATABASES,
              "'databases' is empty; name some, or write \"*\" for all"));
    }
    if (names.contains("*")) {
      if (names.size() > 1) {
        problems.accept(
            new ConfigProblem(
                PostgresSourceOptions.DATABASES,
                "\"*\" means every database; name no others beside it"));
      }
      return List.of();
    }
    return names.stream().distinct().toList();
  }
}
