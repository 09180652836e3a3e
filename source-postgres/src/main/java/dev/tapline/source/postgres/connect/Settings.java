package dev.tapline.source.postgres.connect;

import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigKey;
import dev.tapline.spi.config.ConfigProblem;
import dev.tapline.spi.config.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a descriptor says of a server and how to read it.
///
/// @param endpoint where the server is and who logs in
/// @param databases the databases to read; empty for every one that the user may connect to
/// @param applicationName what the server's views show
/// @param connectTimeout how long to wait for a connection
/// @param statementTimeout how long a statement may take; zero for no limit
/// @param splitSize bytes of a table that one scan reads
/// @param partitions whether partitions are listed beside their parents
/// @param log how the log is read
public record Settings(
    Endpoint endpoint,
    List<String> databases,
    String applicationName,
    Duration connectTimeout,
    Duration statementTimeout,
    long splitSize,
    boolean partitions,
    LogSettings log) {

  private static final Pattern HOST_AND_PORT = Pattern.compile("([^:/]+):(\\d+)");
  private static final List<ConfigKey<?>> EXCLUDED_BY_URL =
      List.of(
          PostgresKeys.HOST,
          PostgresKeys.PORT,
          PostgresKeys.DATABASE,
          PostgresKeys.USER,
          PostgresKeys.PASSWORD,
          PostgresKeys.SSLMODE,
          PostgresKeys.SSLROOTCERT);

  /// Where a server is and who logs in.
  ///
  /// @param host name or address
  /// @param port TCP port
  /// @param database the database of a `url` or of the key `database`, else the user's name
  /// @param user the role
  /// @param password the role's password, if one is given
  /// @param sslMode how the connection is protected
  /// @param sslRootCertificate file with the trusted authorities, if one is given
  public record Endpoint(
      String host,
      int port,
      String database,
      String user,
      Optional<Secret> password,
      SslMode sslMode,
      Optional<Path> sslRootCertificate) {

    /// `host:port`, for messages.
    public String address() {
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /// Copies the list.
  public Settings {
    databases = List.copyOf(databases);
  }

  /// Whether every database that the user may connect to is meant.
  public boolean everyDatabase() {
    return databases.isEmpty();
  }

  /// Reads a descriptor's section.
  ///
  /// @param problems is given everything that is wrong; the result is then not to be used
  public static Settings read(Config config, Consumer<ConfigProblem> problems) {
    Endpoint endpoint =
        config
            .find(PostgresKeys.URL)
            .map(url -> ofUrl(config, url, problems))
            .orElseGet(() -> ofKeys(config, problems));
    return new Settings(
        endpoint,
        databases(config, endpoint, problems),
        config.get(PostgresKeys.APPLICATION_NAME),
        config.get(PostgresKeys.CONNECT_TIMEOUT),
        config.find(PostgresKeys.STATEMENT_TIMEOUT).orElse(Duration.ZERO),
        config.get(PostgresKeys.SPLIT_SIZE),
        config.get(PostgresKeys.PARTITIONS),
        LogSettings.read(config, problems));
  }

  private static Endpoint ofUrl(Config config, Secret url, Consumer<ConfigProblem> problems) {
    for (ConfigKey<?> key : EXCLUDED_BY_URL) {
      if (config.has(key)) {
        problems.accept(
            new ConfigProblem(
                key,
                "'url' and '" + key.name() + "' exclude each other; say it in one of the two"));
      }
    }
    return ConnectionUrl.parse(
        url.reveal(), message -> problems.accept(new ConfigProblem(PostgresKeys.URL, message)));
  }

  private static Endpoint ofKeys(Config config, Consumer<ConfigProblem> problems) {
    String host = config.get(PostgresKeys.HOST);
    Matcher matcher = HOST_AND_PORT.matcher(host);
    if (matcher.matches()) {
      problems.accept(
          new ConfigProblem(
              PostgresKeys.HOST,
              "host '%s' holds a port; write host: %s and port: %s"
                  .formatted(host, matcher.group(1), matcher.group(2))));
    } else if (host.startsWith("/")) {
      problems.accept(
          new ConfigProblem(
              PostgresKeys.HOST,
              "host '"
                  + host
                  + "' is a Unix socket, which is not supported; write the name of a"
                  + " host, such as localhost"));
    } else if (host.contains("://")) {
      problems.accept(
          new ConfigProblem(
              PostgresKeys.HOST, "host '" + host + "' is a URL; write it as url: instead"));
    }
    String user = config.find(PostgresKeys.USER).orElseGet(Settings::systemUser);
    return new Endpoint(
        host,
        config.get(PostgresKeys.PORT).intValue(),
        config.find(PostgresKeys.DATABASE).orElse(user),
        user,
        config.find(PostgresKeys.PASSWORD),
        config.get(PostgresKeys.SSLMODE),
        config.find(PostgresKeys.SSLROOTCERT));
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

  static String systemUser() {
    return System.getProperty("user.name", "postgres");
  }
}
