package dev.tapline.source.postgres.connect;

import dev.tapline.source.postgres.driver.Keepalives;
import dev.tapline.source.postgres.ssh.SshKeys;
import dev.tapline.source.postgres.ssh.SshSettings;
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

/// What a descriptor says of a server and how to read it.
///
/// @param endpoint where the server is and who logs in
/// @param ssh the way to it through SSH, if it is not reached directly
/// @param databases the databases to read; empty for every one that the user may connect to
/// @param applicationName what the server's views show
/// @param connectTimeout how long to wait for a connection
/// @param keepalives how a connection is kept known to firewalls while nothing is said
/// @param notes what was asked for and has no effect, or another one
/// @param statementTimeout how long a statement may take; zero for no limit
/// @param splitSize bytes of a table that one scan reads
/// @param partitions whether partitions are listed beside their parents
/// @param log how the log is read
public record Settings(
    Endpoint endpoint,
    Optional<SshSettings> ssh,
    List<String> databases,
    String applicationName,
    Duration connectTimeout,
    Keepalives keepalives,
    List<String> notes,
    Duration statementTimeout,
    long splitSize,
    boolean partitions,
    LogSettings log) {

  private static final List<ConfigKey<?>> EXCLUDED_BY_URL =
      List.of(
          PostgresKeys.HOST,
          PostgresKeys.PORT,
          PostgresKeys.DATABASE,
          PostgresKeys.USER,
          PostgresKeys.PASSWORD,
          PostgresKeys.SERVICE,
          PostgresKeys.TARGET_SESSION_ATTRS,
          PostgresKeys.SSLMODE,
          PostgresKeys.SSLROOTCERT,
          PostgresKeys.SSLCERT,
          PostgresKeys.SSLKEY,
          PostgresKeys.CHANNEL_BINDING);

  /// Copies the list.
  public Settings {
    databases = List.copyOf(databases);
    notes = List.copyOf(notes);
  }

  /// Whether every database that the user may connect to is meant.
  public boolean everyDatabase() {
    return databases.isEmpty();
  }

  /// Reads a descriptor's section, and what stands around it.
  ///
  /// @param problems is given everything that is wrong; the result is then not to be used
  public static Settings read(
      Config config, Surroundings surroundings, Consumer<ConfigProblem> problems) {
    Parameters parameters = new Parameters(problems);
    config.find(PostgresKeys.URL).ifPresent(url -> offerUrl(config, url, parameters));
    offerKeys(config, parameters);
    parameters
        .find("service")
        .or(() ->
            surroundings
                .variable("PGSERVICE")
                .map(name -> new Parameters.Value(name, "PGSERVICE", List.of())))
        .ifPresent(service -> offerService(service, surroundings, parameters));
    parameters.offerVariables(surroundings);
    Endpoint endpoint = new EndpointReader(parameters, surroundings).read();
    if (config.has(PostgresKeys.SSH)
        && endpoint.addresses().stream().anyMatch(Address::isUnixSocket)) {
      parameters.problem(
          List.of(PostgresKeys.SSH.name()),
          "a Unix socket is not reached through SSH; set source.host to localhost, which is then the SSH server itself");
    }
    Duration connectTimeout = connectTimeout(config, parameters);
    return new Settings(
        endpoint,
        config
            .find(PostgresKeys.SSH)
            .map(section ->
                SshKeys.read(
                    PostgresKeys.SSH.name(),
                    section,
                    connectTimeout,
                    surroundings.home(),
                    problems)),
        databases(config, endpoint, problems),
        parameters
            .text("application_name")
            .or(() -> parameters.text("fallback_application_name"))
            .orElse(config.get(PostgresKeys.APPLICATION_NAME)),
        connectTimeout,
        KeepaliveReader.read(parameters),
        notes(parameters),
        config.find(PostgresKeys.STATEMENT_TIMEOUT).orElse(Duration.ZERO),
        config.get(PostgresKeys.SPLIT_SIZE),
        config.get(PostgresKeys.PARTITIONS),
        LogSettings.read(config, problems));
  }

  private static void offerUrl(Config config, Secret url, Parameters parameters) {
    for (ConfigKey<?> key : EXCLUDED_BY_URL) {
      if (config.has(key)) {
        parameters.problem(
            List.of(key.name()),
            "'url' and '" + key.name() + "' exclude each other; say it in one of the two");
      }
    }
    List<String> path = List.of(PostgresKeys.URL.name());
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

  private static void offerKeys(Config config, Parameters parameters) {
    offer(config, "host", PostgresKeys.HOST, parameters);
    offer(config, "port", PostgresKeys.PORT, parameters);
    offer(config, "dbname", PostgresKeys.DATABASE, parameters);
    offer(config, "user", PostgresKeys.USER, parameters);
    offer(config, "service", PostgresKeys.SERVICE, parameters);
    offer(config, "application_name", PostgresKeys.APPLICATION_NAME, parameters);
    offer(config, "sslrootcert", PostgresKeys.SSLROOTCERT, parameters);
    offer(config, "sslcert", PostgresKeys.SSLCERT, parameters);
    offer(config, "sslkey", PostgresKeys.SSLKEY, parameters);
    if (config.has(PostgresKeys.SSLMODE)) {
      parameters.offer("sslmode", PostgresKeys.SSLMODE, config.get(PostgresKeys.SSLMODE).word());
    }
    config
        .find(PostgresKeys.CHANNEL_BINDING)
        .ifPresent(binding ->
            parameters.offer("channel_binding", PostgresKeys.CHANNEL_BINDING, binding.word()));
    config
        .find(PostgresKeys.TARGET_SESSION_ATTRS)
        .ifPresent(target ->
            parameters.offer(
                "target_session_attrs", PostgresKeys.TARGET_SESSION_ATTRS, target.word()));
    config
        .find(PostgresKeys.PASSWORD)
        .ifPresent(secret -> offer("password", PostgresKeys.PASSWORD, secret, parameters));
    config
        .find(PostgresKeys.SSLPASSWORD)
        .ifPresent(secret -> offer("sslpassword", PostgresKeys.SSLPASSWORD, secret, parameters));
  }

  private static void offer(
      String name, ConfigKey<Secret> key, Secret secret, Parameters parameters) {
    // What the secret is nobody asks before it is needed: it may be the output of a program.
    parameters.offer(name, key, "");
    parameters
        .find(name)
        .filter(value -> value.path().equals(List.of(key.name())))
        .ifPresent(value -> parameters.replace(name, value.from(secret)));
  }

  private static void offerService(
      Parameters.Value service, Surroundings surroundings, Parameters parameters) {
    boolean known = parameters.find("password").isPresent();
    ServiceFile.offer(service, surroundings, parameters);
    if (!known) {
      renew(parameters, again -> ServiceFile.offer(service, surroundings, again));
    }
  }

  private interface Source {
    void offer(Parameters parameters) throws IOException;
  }

  // Has the password be read again for each login, from where it was just read.
  private static void renew(Parameters parameters, Source source) {
    parameters
        .find("password")
        .ifPresent(value ->
            parameters.replace(
                "password", value.from(Secret.from(value.text(), () -> password(source)))));
  }

  private static String password(Source source) throws IOException {
    Parameters again = new Parameters(problem -> {});
    source.offer(again);
    return again
        .text("password")
        .orElseThrow(() -> new IOException("the password is not there any more"));
  }

  // A key's own default stands behind the environment, so only what was written is offered.
  private static void offer(Config config, String name, ConfigKey<?> key, Parameters parameters) {
    if (config.has(key)) {
      parameters.offer(name, key, config.get(key).toString());
    }
  }

  private static List<String> notes(Parameters parameters) {
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

  private static Duration connectTimeout(Config config, Parameters parameters) {
    Optional<Parameters.Value> seconds = parameters.find("connect_timeout");
    if (config.has(PostgresKeys.CONNECT_TIMEOUT) || seconds.isEmpty()) {
      return config.get(PostgresKeys.CONNECT_TIMEOUT);
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
      return config.get(PostgresKeys.CONNECT_TIMEOUT);
    }
  }

  private static List<String> databases(
      Config config, Endpoint endpoint, Consumer<ConfigProblem> problems) {
    if (!config.has(PostgresKeys.DATABASES)) {
      return List.of(endpoint.database());
    }
    List<String> names = config.get(PostgresKeys.DATABASES);
    if (config.has(PostgresKeys.DATABASE)) {
      problems.accept(
          new ConfigProblem(
              PostgresKeys.DATABASES, "'database' and 'databases' exclude each other; keep one"));
    }
    if (names.isEmpty()) {
      problems.accept(
          new ConfigProblem(
              PostgresKeys.DATABASES, "'databases' is empty; name some, or write \"*\" for all"));
    }
    if (names.contains("*")) {
      if (names.size() > 1) {
        problems.accept(
            new ConfigProblem(
                PostgresKeys.DATABASES, "\"*\" means every database; name no others beside it"));
      }
      return List.of();
    }
    return names.stream().distinct().toList();
  }
}
