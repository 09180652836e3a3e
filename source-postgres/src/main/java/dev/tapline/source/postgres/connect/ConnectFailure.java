package dev.tapline.source.postgres.connect;

import dev.tapline.spi.TransientException;
import dev.tapline.spi.config.Nearest;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Says why there is no connection, and what to do about it.
///
/// @param endpoint where it should have gone
/// @param database the database asked for
/// @param again whether this server was reached before: then what keeps it from being reached now
///   may pass, while at the first time a wrong setting is likelier
record ConnectFailure(Settings.Endpoint endpoint, String database, boolean again) {

  IOException explain(SQLException failure, Supplier<List<String>> databaseNames) {
    String state = Failures.state(failure);
    String said = Failures.said(failure);
    @Nullable Throwable cause = socketCause(failure);
    if (cause != null) {
      String message = network(cause);
      return again && !(cause instanceof SSLException)
          ? new TransientException(message, failure)
          : new IOException(message, failure);
    }
    @Nullable String passing =
        switch (state) {
          case "57P03" -> "is not ready (" + said + ")";
          case "57P01", "57P02" -> "is shutting down (" + said + ")";
          case "53300" ->
              "takes no more connections ("
                  + said
                  + "); lower engine.parallelism, or raise max_connections or the role's limit";
          default -> null;
        };
    if (passing != null) {
      return new TransientException(server() + " " + passing, failure);
    }
    String message =
        switch (state) {
          case "28P01" ->
              "%s refuses the password of user '%s'; correct source.password"
                  .formatted(server(), endpoint.user());
          case "28000" -> authorization(said);
          case "3D000" ->
              "database '%s' does not exist on %s%s"
                  .formatted(
                      database, endpoint.address(), Nearest.hint(database, databaseNames.get()));
          case "42501" ->
              said.contains("eplication")
                  ? "user '%s' may not read the log (%s); ALTER ROLE \"%s\" REPLICATION; on Amazon RDS: GRANT rds_replication TO \"%s\";"
                      .formatted(endpoint.user(), said, endpoint.user(), endpoint.user())
                  : "user '%s' may not connect to database '%s'; GRANT CONNECT ON DATABASE \"%s\" TO \"%s\""
                      .formatted(endpoint.user(), database, database, endpoint.user());
          default -> other(said);
        };
    boolean lost = state.startsWith("08") && !state.equals("08004") && !state.equals("08P01");
    return again && lost
        ? new TransientException(message, failure)
        : new IOException(message, failure);
  }

  private String server() {
    return "the server at " + endpoint.address();
  }

  private String network(Throwable cause) {
    return switch (cause) {
      case UnknownHostException e ->
          "the host '%s' is not known; correct source.host, or look at the name service"
              .formatted(endpoint.host());
      case SocketTimeoutException e ->
          "%s does not answer in time; look at host, port and firewalls, or raise source.connect-timeout"
              .formatted(server());
      case NoRouteToHostException e -> "there is no route to " + server();
      case ConnectException e ->
          "nothing listens on %s; start the server, or correct source.host and source.port"
              .formatted(endpoint.address());
      case SSLException e ->
          "the encrypted connection to %s fails with sslmode %s (%s); look at source.sslrootcert and the server's certificate"
              .formatted(endpoint.address(), endpoint.sslMode().word(), e.getMessage());
      default ->
          "the connection to %s broke off (%s); is it a PostgreSQL server?"
              .formatted(endpoint.address(), cause.getMessage());
    };
  }

  private String authorization(String said) {
    if (said.contains("pg_hba.conf")) {
      String encryption =
          said.contains("no encryption") || said.contains("SSL off")
              ? "; if it asks for encryption, set source.sslmode: require"
              : "";
      return "%s lets nobody in as user '%s' to database '%s' from here (%s); add a line to its pg_hba.conf%s"
          .formatted(server(), endpoint.user(), database, said, encryption);
    }
    return "%s refuses user '%s' (%s); correct source.user, or CREATE ROLE \"%s\" LOGIN"
        .formatted(server(), endpoint.user(), said, endpoint.user());
  }

  private String other(String said) {
    if (said.contains("does not support SSL")) {
      return "%s does not offer encrypted connections, which sslmode %s asks for; turn on ssl there, or set source.sslmode: disable"
          .formatted(server(), endpoint.sslMode().word());
    }
    if (said.contains("no password was provided")) {
      return "%s asks for the password of user '%s'; set source.password"
          .formatted(server(), endpoint.user());
    }
    return "%s refuses the connection of user '%s' to database '%s': %s"
        .formatted(server(), endpoint.user(), database, said);
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
}
