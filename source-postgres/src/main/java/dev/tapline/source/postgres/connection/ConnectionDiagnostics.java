package dev.tapline.source.postgres.connection;

import dev.tapline.source.postgres.connection.ConnectionDiagnosis.Kind;
import dev.tapline.source.postgres.connection.ssh.SshException;
import dev.tapline.source.postgres.connection.tls.TlsAttempt;
import dev.tapline.source.postgres.connection.tls.TlsException;
import dev.tapline.source.postgres.sql.Quote;
import dev.tapline.source.postgres.sql.SqlFailures;
import dev.tapline.spi.TransientException;
import dev.tapline.spi.config.Nearest;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Explains why a connection failed, and what to do about it.
///
/// @param endpoint where it should have gone
/// @param address which of the servers was tried
/// @param database the database asked for
/// @param again whether this server was reached before: then what keeps it from being reached now
///   may pass, while at the first time a wrong setting is likelier
record ConnectionDiagnostics(Endpoint endpoint, Address address, String database, boolean again) {
  private static final String RDS = ".rds.amazonaws.com";

  /// A password that cannot be had.
  IOException noSecret(IOException failure) {
    return new ConnectionDiagnosis(
            Kind.PASSWORD,
            "the password of user '%s' for %s cannot be had: %s"
                .formatted(endpoint.user(), server(), failure.getMessage()),
            "",
            failure)
        .thrown(again);
  }

  /// A failure before the driver was asked.
  IOException explain(IOException failure) {
    return switch (failure) {
      case SshException e -> said(Kind.SSH, e.getMessage(), e).thrown(e.mayPass(again));
      case TlsException e -> said(Kind.TLS, e.getMessage(), e).thrown(false);
      default -> failure;
    };
  }

  // What has its remedy behind the last semicolon is taken apart there.
  private static ConnectionDiagnosis said(Kind kind, @Nullable String sentence, Throwable cause) {
    String text = sentence == null ? cause.toString() : sentence;
    int end = text.indexOf("; ");
    return end < 0
        ? new ConnectionDiagnosis(kind, text, "", cause)
        : new ConnectionDiagnosis(kind, text.substring(0, end), text.substring(end + 2), cause);
  }

  /// What the driver says.
  ///
  /// @param tls how the connection should have been encrypted, if it should
  /// @param databaseNames the databases that there are
  IOException explain(
      SQLException failure, Optional<TlsAttempt> tls, Supplier<List<String>> databaseNames) {
    Optional<SshException> ssh = cause(failure, SshException.class);
    if (ssh.isPresent()) {
      return explain(ssh.get());
    }
    Optional<IOException> encryption =
        tls.flatMap(attempt -> attempt.explain(server(), address.host(), failure));
    if (encryption.isPresent()) {
      return said(Kind.TLS, encryption.get().getMessage(), failure)
          .thrown(encryption.get() instanceof TransientException);
    }
    @Nullable Throwable socket = socketCause(failure);
    if (socket != null) {
      return network(socket, failure).thrown(again && !(socket instanceof SSLException));
    }
    return refusal(failure, databaseNames);
  }

  private IOException refusal(SQLException failure, Supplier<List<String>> databaseNames) {
    String state = SqlFailures.state(failure);
    String said = SqlFailures.said(failure);
    boolean lost = state.startsWith("08") && !state.equals("08004") && !state.equals("08P01");
    return switch (state) {
      case "57P03" -> passing("is not ready (" + said + ")", "", failure);
      case "57P01", "57P02" -> passing("is shutting down (" + said + ")", "", failure);
      case "53300" ->
          passing(
              "takes no more connections (" + said + ")",
              "lower engine.parallelism, or raise max_connections or the role's limit",
              failure);
      // Where it worked before, it is being renewed, there or here.
      case "28P01" -> password(failure).thrown(again);
      // So are the passwords that another server checks (PAM, LDAP, RADIUS), tokens among them.
      case "28000" -> authorization(said, failure).thrown(again && isPassword(failure));
      case "3D000" -> noDatabase(databaseNames.get(), failure).thrown(false);
      case "42501" -> refused(said, failure);
      case "08P01" -> protocol(said, failure).thrown(false);
      default -> other(said, failure).thrown(again && lost);
    };
  }

  private IOException passing(String what, String remedy, SQLException failure) {
    return new ConnectionDiagnosis(Kind.SERVER, server() + " " + what, remedy, failure)
        .thrown(true);
  }

  private String server() {
    return "the server at " + address;
  }

  private String quotedUser() {
    return Quote.name(endpoint.user());
  }

  private ConnectionDiagnosis network(Throwable cause, SQLException failure) {
    return switch (cause) {
      case UnknownHostException e ->
          new ConnectionDiagnosis(
              Kind.NAME,
              "the host '%s' is not known".formatted(address.host()),
              "correct source.host, or look at the name service",
              failure);
      case SocketTimeoutException e -> silent(failure);
      case NoRouteToHostException e ->
          new ConnectionDiagnosis(
              Kind.PORT,
              "there is no route to " + server(),
              "correct source.host, look at the network, or reach it with source.ssh",
              failure);
      case SocketException e when address.isUnixSocket() ->
          new ConnectionDiagnosis(
              Kind.PORT,
              "the Unix socket %s cannot be used (%s)".formatted(address, e.getMessage()),
              "start the server, or correct source.host, the folder of the socket, and source.port, a part of its name",
              failure);
      case ConnectException e ->
          new ConnectionDiagnosis(
              Kind.PORT,
              "nothing listens on " + address,
              "start the server, or correct source.host and source.port",
              failure);
      case SSLException e ->
          new ConnectionDiagnosis(
              Kind.TLS,
              "the encrypted connection to %s fails with sslmode %s (%s)"
                  .formatted(address, endpoint.tls().mode().word(), e.getMessage()),
              "look at source.sslrootcert and the server's certificate",
              failure);
      default ->
          new ConnectionDiagnosis(
              Kind.PORT,
              "the connection to %s broke off (%s)".formatted(address, cause.getMessage()),
              "is it a PostgreSQL server?",
              failure);
    };
  }

  private ConnectionDiagnosis silent(SQLException failure) {
    return new ConnectionDiagnosis(
        Kind.PORT,
        server() + " does not answer in time",
        address.host().endsWith(RDS)
            ? "let this machine's address in with the inbound rules of its security group, make it publicly accessible, or reach it with source.ssh"
            : "look at host, port and firewalls, or raise source.connect-timeout",
        failure);
  }

  private ConnectionDiagnosis password(SQLException failure) {
    if (endpoint.passwords().find(address, database, endpoint.user()).isEmpty()) {
      return noPassword(failure);
    }
    return new ConnectionDiagnosis(
        Kind.PASSWORD,
        "%s refuses the password of user '%s'".formatted(server(), endpoint.user()),
        "correct "
            + endpoint.passwords().origin(address, database, endpoint.user())
            + ", or set it there: ALTER ROLE %s PASSWORD '...';".formatted(quotedUser()),
        failure);
  }

  private ConnectionDiagnosis noPassword(SQLException failure) {
    String problem = endpoint.passwords().file().again().problem();
    return new ConnectionDiagnosis(
        Kind.PASSWORD,
        "%s asks for the password of user '%s'".formatted(server(), endpoint.user()),
        "set source.password, PGPASSWORD or ~/.pgpass" + (problem.isEmpty() ? "" : "; " + problem),
        failure);
  }

  private ConnectionDiagnosis noDatabase(List<String> names, SQLException failure) {
    return new ConnectionDiagnosis(
        Kind.DATABASE,
        "database '%s' does not exist on %s%s"
            .formatted(database, address, Nearest.hint(database, names)),
        "",
        failure);
  }

  // Whatever its language, the server names the file, and finds a certificate wrong in a place of
  // its own.
  private ConnectionDiagnosis authorization(String said, SQLException failure) {
    if (said.contains("pg_hba.conf")) {
      String line =
          (address.isUnixSocket()
                  ? "local %s %s scram-sha-256"
                  : "host %s %s <this machine's address>/32 scram-sha-256")
              .formatted(Quote.name(database), quotedUser());
      return new ConnectionDiagnosis(
          Kind.PG_HBA,
          "%s lets nobody in as user '%s' to database '%s' from here (%s)"
              .formatted(server(), endpoint.user(), database, said),
          address.host().endsWith(RDS)
              ? "on RDS, rds.force_ssl asks for encryption: set source.sslmode: require"
              : "add a line to its pg_hba.conf: "
                  + line
                  + ", and SELECT pg_reload_conf();"
                  + (isEncrypted() || address.isUnixSocket()
                      ? ""
                      : " If it asks for encryption, set source.sslmode: require"),
          failure);
    }
    return switch (SqlFailures.routine(failure)) {
      case "ClientAuthentication" ->
          certificate(said, "set source.sslcert and source.sslkey", failure);
      case "auth_failed" ->
          endpoint.tls().certificate().isPresent()
              ? certificate(
                  said,
                  "its certificate must be for the name %s, or pg_ident.conf must map it"
                      .formatted(endpoint.user()),
                  failure)
              : password(failure);
      default -> user(said, failure);
    };
  }

  private boolean isPassword(SQLException failure) {
    return SqlFailures.routine(failure).equals("auth_failed")
        && endpoint.tls().certificate().isEmpty();
  }

  private boolean isEncrypted() {
    return switch (endpoint.tls().mode()) {
      case DISABLE, ALLOW, PREFER -> false;
      case REQUIRE, VERIFY_CA, VERIFY_FULL -> true;
    };
  }

  private ConnectionDiagnosis certificate(String said, String remedy, SQLException failure) {
    return new ConnectionDiagnosis(
        Kind.TLS,
        "%s refuses user '%s' (%s)".formatted(server(), endpoint.user(), said),
        remedy,
        failure);
  }

  private ConnectionDiagnosis user(String said, SQLException failure) {
    return new ConnectionDiagnosis(
        Kind.USER,
        "%s refuses user '%s' (%s)".formatted(server(), endpoint.user(), said),
        "correct source.user, or CREATE ROLE %s LOGIN PASSWORD '...';".formatted(quotedUser()),
        failure);
  }

  // What poolers say of a start-up packet they say in English only.
  private ConnectionDiagnosis protocol(String said, SQLException failure) {
    int colon = said.lastIndexOf(": ");
    if (!said.startsWith("unsupported startup parameter") || colon < 0) {
      return other(said, failure);
    }
    String parameter = said.substring(colon + 2);
    return switch (parameter) {
      case "replication", "options" ->
          new ConnectionDiagnosis(
              Kind.SERVER,
              "%s is a pooler that does not take %s (%s)"
                  .formatted(
                      server(),
                      parameter.equals("options")
                          ? "options for the server"
                          : "connections that read the log",
                      said),
              "name the server itself as source.host and source.port",
              failure);
      default ->
          new ConnectionDiagnosis(
              Kind.SERVER,
              "%s is a pooler that does not take the parameter %s of every connection of Java (%s)"
                  .formatted(server(), parameter, said),
              "set ignore_startup_parameters = %s there, or name the server itself as source.host and source.port"
                  .formatted(parameter),
              failure);
    };
  }

  private ConnectionDiagnosis other(String said, SQLException failure) {
    if (said.contains("specified targetServerType")) {
      return new ConnectionDiagnosis(
          Kind.SERVER,
          "%s is not what target_session_attrs %s asks for"
              .formatted(server(), endpoint.target().word()),
          "name another host, or ask for any",
          failure);
    }
    if (said.contains("does not support SSL")) {
      return new ConnectionDiagnosis(
          Kind.TLS,
          "%s does not offer encrypted connections, which sslmode %s asks for"
              .formatted(server(), endpoint.tls().mode().word()),
          "turn on ssl there, or set source.sslmode: disable",
          failure);
    }
    if (said.toLowerCase(java.util.Locale.ROOT).contains("channel binding")) {
      return new ConnectionDiagnosis(
          Kind.TLS,
          "%s cannot bind the login to the encryption, which channel-binding %s asks for (%s)"
              .formatted(server(), endpoint.tls().channelBinding().word(), said),
          "have it keep the password as SCRAM (password_encryption = 'scram-sha-256'), or set source.channel-binding: prefer",
          failure);
    }
    if (said.contains("no password was provided") || said.contains("password is an empty string")) {
      return noPassword(failure);
    }
    if (said.contains("attempt timed out")) {
      return silent(failure);
    }
    return new ConnectionDiagnosis(
        Kind.CONNECTION,
        "%s refuses the connection of user '%s' to database '%s': %s"
            .formatted(server(), endpoint.user(), database, said),
        "",
        failure);
  }

  /// Whether another of several servers may do what this one does not.
  static boolean concernsOnlyThisServer(SQLException failure) {
    String state = SqlFailures.state(failure);
    return socketCause(failure) != null
        || state.startsWith("57P")
        || state.equals("53300")
        || state.startsWith("08");
  }

  private static <T> Optional<T> cause(Throwable failure, Class<T> type) {
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return Optional.of(type.cast(cause));
      }
    }
    return Optional.empty();
  }

  // The driver wraps what the socket threw.
  private static @Nullable Throwable socketCause(SQLException failure) {
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException) {
        return cause instanceof SSLException || !(cause.getCause() instanceof IOException)
            ? cause
            : cause.getCause();
      }
    }
    return null;
  }

  private IOException refused(String said, SQLException failure) {
    // The same state as for a database that the user may not connect to, which is found elsewhere.
    boolean replication = SqlFailures.routine(failure).equals("InitPostgres");
    return new ConnectionDiagnosis(
            Kind.DATABASE,
            replication
                ? "user '%s' may not read the log (%s)".formatted(endpoint.user(), said)
                : "user '%s' may not connect to database '%s'".formatted(endpoint.user(), database),
            replication
                ? "ALTER ROLE %s REPLICATION; or on Amazon RDS: GRANT rds_replication TO %<s;"
                    .formatted(quotedUser())
                : "GRANT CONNECT ON DATABASE %s TO %s;"
                    .formatted(Quote.name(database), quotedUser()),
            failure)
        .thrown(false);
  }
}
