package dev.tapline.source.postgres.connection;

import dev.tapline.source.postgres.connection.SessionSettings.Money;
import dev.tapline.source.postgres.connection.socket.DriverSockets;
import dev.tapline.source.postgres.connection.socket.TlsSocketFactory;
import dev.tapline.source.postgres.connection.socket.UnixSocket;
import dev.tapline.source.postgres.connection.ssh.SshTunnel;
import dev.tapline.source.postgres.connection.tls.SslMode;
import dev.tapline.source.postgres.connection.tls.TlsAttempt;
import dev.tapline.source.postgres.connection.tls.TlsConfig;
import dev.tapline.spi.TransientException;
import dev.tapline.spi.config.Secret;
import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens connections: through SSH, encrypted, and to the wanted one of several servers. Safe for
/// use by several threads.
public final class Connector implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Connector.class);
  private static final String ANY_SERVER = "template1";

  private final ConnectionConfig config;
  private final Endpoint endpoint;
  private final Driver driver = new Driver();
  private final Optional<SshTunnel> tunnel;
  private volatile boolean everConnected;
  private volatile @Nullable Address chosen;

  Connector(ConnectionConfig config) {
    this.config = config;
    this.endpoint = config.endpoint();
    config.notes().forEach(LOG::warn);
    this.tunnel = config.ssh().map(ssh -> new SshTunnel(ssh, Environment.ofProcess().home()));
  }

  /// A connection to a database, without session settings.
  ///
  /// @param extras adds properties for the driver
  /// @throws dev.tapline.spi.TransientException if the server may accept it later
  /// @throws IOException if the server refuses it, with the reason and the remedy
  public Connection connect(String database, Consumer<Properties> extras) throws IOException {
    return connect(database, extras, Optional.empty());
  }

  /// A connection to a database, without session settings, over wrapped sockets.
  ///
  /// @param extras adds properties for the driver
  /// @param wrapper wraps each socket, if given
  /// @throws dev.tapline.spi.TransientException if the server may accept it later
  /// @throws IOException if the server refuses it, with the reason and the remedy
  Connection connect(
      String database, Consumer<Properties> extras, Optional<UnaryOperator<Socket>> wrapper)
      throws IOException {
    boolean again = everConnected;
    List<IOException> failures = new ArrayList<>();
    for (String round : endpoint.target().rounds()) {
      for (Address address : inOrder()) {
        Attempt attempt = new Attempt(address, database, again);
        try {
          Connection connection =
              attempt.run(
                  properties -> {
                    PGProperty.TARGET_SERVER_TYPE.set(properties, round);
                    extras.accept(properties);
                  },
                  wrapper);
          everConnected = true;
          chosen = address;
          return connection;
        } catch (SQLException e) {
          IOException failure =
              attempt.failure().explain(e, attempt.tls(), () -> databaseNames(attempt));
          if (!ConnectionDiagnostics.concernsOnlyThisServer(e)) {
            throw failure;
          }
          failures.add(failure);
        } catch (IOException e) {
          throw attempt.failure().explain(e);
        }
      }
    }
    throw together(failures);
  }

  // A snapshot is of one server: whichever was chosen first is kept as long as it can be reached.
  private List<Address> inOrder() {
    @Nullable Address first = chosen;
    if (first == null) {
      return endpoint.addresses();
    }
    List<Address> order = new ArrayList<>(List.of(first));
    endpoint.addresses().stream().filter(address -> !address.equals(first)).forEach(order::add);
    return order;
  }

  private static IOException together(List<IOException> failures) {
    IOException first = failures.getFirst();
    if (failures.size() == 1) {
      return first;
    }
    String message =
        "none of the servers can be used: "
            + failures.stream()
                .map(IOException::getMessage)
                .distinct()
                .collect(Collectors.joining("; "));
    Throwable cause = first.getCause() == null ? first : first.getCause();
    return failures.stream().anyMatch(TransientException.class::isInstance)
        ? new TransientException(message, cause)
        : new IOException(message, cause);
  }

  /// One attempt to connect to one server.
  private final class Attempt {
    private final Address address;
    private final String database;
    private final boolean again;
    private Optional<TlsAttempt> tls = Optional.empty();

    Attempt(Address address, String database, boolean again) {
      this.address = address;
      this.database = database;
      this.again = again;
    }

    ConnectionDiagnostics failure() {
      return new ConnectionDiagnostics(endpoint, address, database, again);
    }

    Optional<TlsAttempt> tls() {
      return tls;
    }

    // The driver connects one that is not connected yet.
    private Socket socket() throws IOException {
      if (address.isUnixSocket()) {
        return UnixSocket.connect(address.socket());
      }
      return tunnel.isPresent()
          ? tunnel.get().connect(address.host(), address.port())
          : config.keepalives().socket();
    }

    // Without one, the driver would look into the files by rules of its own.
    private String password() throws IOException {
      Optional<Secret> found = endpoint.passwords().find(address, database, endpoint.user());
      try {
        return found.isPresent() ? found.get().anew() : "";
      } catch (IOException e) {
        throw failure().noSecret(e);
      }
    }

    Connection run(Consumer<Properties> extras, Optional<UnaryOperator<Socket>> wrapper)
        throws SQLException, IOException {
      // First, so that what fails here is not taken for a failure of the database's server.
      if (tunnel.isPresent()) {
        tunnel.get().open();
      }
      Properties properties = properties(address);
      PGProperty.PASSWORD.set(properties, password());
      extras.accept(properties);
      try (DriverSockets sockets = new DriverSockets()) {
        sockets.tunnel(properties, () -> wrapper.orElse(UnaryOperator.identity()).apply(socket()));
        TlsConfig encryption = endpoint.tls();
        if (encryption.mode() != SslMode.DISABLE && !address.isUnixSocket()) {
          TlsAttempt attempt = TlsAttempt.of(encryption);
          tls = Optional.of(attempt);
          sockets.tls(
              properties, new TlsSocketFactory.Tls(attempt.factory(), encryption.sendName()));
        }
        @Nullable Connection connection = driver.connect(url(address, database), properties);
        if (connection == null) {
          throw new SQLException("the driver does not know its own URL");
        }
        return connection;
      }
    }
  }

  // To name the database that was probably meant; whoever may not look gets no hint.
  private List<String> databaseNames(Attempt wrong) {
    for (String database : List.of("postgres", ANY_SERVER)) {
      if (database.equals(wrong.database)) {
        continue;
      }
      Attempt attempt = new Attempt(wrong.address, database, true);
      try (Connection connection = attempt.run(properties -> {}, Optional.empty())) {
        Session session = Session.of(database, connection, config, Money.HUNDREDTHS);
        return session.query(
            "SELECT datname FROM pg_catalog.pg_database WHERE NOT datistemplate",
            row -> row.getString(1));
      } catch (SQLException | IOException e) {
        LOG.debug("cannot list the databases from '{}'", database, e);
      }
    }
    return List.of();
  }

  private static String url(Address address, String database) {
    return "jdbc:postgresql://"
        + address.inUrl()
        + "/"
        + URLEncoder.encode(database, StandardCharsets.UTF_8);
  }

  private Properties properties(Address address) {
    Properties properties = new Properties();
    PGProperty.USER.set(properties, endpoint.user());
    // As in libpq, sslmode is of no account for Unix sockets.
    SslMode mode = address.isUnixSocket() ? SslMode.DISABLE : endpoint.tls().mode();
    PGProperty.SSL_MODE.set(properties, mode.word());
    PGProperty.CHANNEL_BINDING.set(properties, endpoint.tls().channelBinding().word());
    PGProperty.GSS_ENC_MODE.set(properties, "disable");
    PGProperty.APPLICATION_NAME.set(properties, config.applicationName());
    if (!endpoint.options().isEmpty()) {
      PGProperty.OPTIONS.set(properties, endpoint.options());
    }
    int seconds =
        (int) Math.max(1, Math.min(Integer.MAX_VALUE / 1000, config.connectTimeout().toSeconds()));
    PGProperty.CONNECT_TIMEOUT.set(properties, seconds);
    PGProperty.LOGIN_TIMEOUT.set(properties, seconds);
    PGProperty.TCP_KEEP_ALIVE.set(properties, config.keepalives().on());
    // Else the driver sets them with statements, for longer than a transaction.
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "9.0");
    // Several statements in one message, which the server answers at once.
    PGProperty.PREFER_QUERY_MODE.set(properties, "extendedForPrepared");
    // A prepared statement would not survive the connection poolers that some servers stand behind.
    PGProperty.PREPARE_THRESHOLD.set(properties, 0);
    return properties;
  }

  /// Closes the SSH tunnel.
  @Override
  public void close() {
    tunnel.ifPresent(SshTunnel::close);
  }
}
