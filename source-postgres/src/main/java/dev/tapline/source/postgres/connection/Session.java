package dev.tapline.source.postgres.connection;

import dev.tapline.source.postgres.connection.SessionSettings.Money;
import java.io.Closeable;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A connection to one database. Each of its transactions is set up so that what it sends means the
/// same on every server. No setting outlives its transaction: behind a transaction pooler, the next
/// transaction runs on another server connection, and this one may serve the application. For use
/// by one thread at a time, except [#abort()].
public final class Session implements Closeable {
  private static final int HUNDRED = 100;
  private static final int WITH_DECODING_ON_STANDBY = 160_000;

  /// Has names that stand in what users have defined mean what they mean to the role, until the
  /// transaction ends. Names and operators of statements of ours must say their schema then.
  public static final String OWN_SEARCH_PATH = "SET LOCAL search_path = DEFAULT";

  /// Takes that back: names mean what they mean in the system's catalog.
  public static final String CATALOG_SEARCH_PATH = "SET LOCAL search_path = 'pg_catalog'";

  private static final Logger LOG = LoggerFactory.getLogger(Session.class);
  private static final Pattern BEGIN = Pattern.compile("^BEGIN\\b");
  private static final String ROLLBACK = "ROLLBACK";

  private final String database;
  private final String user;
  private final Connection connection;
  private final PGConnection extras;
  private final BaseConnection state;
  private final int version;
  private final String server;
  private final String settings;
  private volatile boolean aborted;

  /// A session whose transactions run under our settings.
  static Session of(String database, Connection connection, ConnectionConfig config, Money money)
      throws SQLException {
    return new Session(
        database,
        config.endpoint().user(),
        connection,
        new SessionSettings(serverVersion(connection), money, config).local());
  }

  /// A session of the replication protocol, where the settings stand in the start-up packet.
  static Session ofReplication(String database, Connection connection, ConnectionConfig config)
      throws SQLException {
    return new Session(database, config.endpoint().user(), connection, "");
  }

  private Session(String database, String user, Connection connection, String settings)
      throws SQLException {
    this.user = user;
    this.database = database;
    this.connection = connection;
    this.settings = settings;
    this.extras = connection.unwrap(PGConnection.class);
    this.state = connection.unwrap(BaseConnection.class);
    this.version = serverVersion(connection);
    this.server = connection.getMetaData().getURL().replaceFirst("^[^/]*//([^/]*).*", "$1");
  }

  /// The database that it is connected to.
  public String database() {
    return database;
  }

  /// Which of several servers it is connected to: `host:port`.
  public String server() {
    return server;
  }

  /// The role that is logged in.
  public String user() {
    return user;
  }

  /// The server's `server_version_num`: 90624 for 9.6.24, 180006 for 18.6.
  public int version() {
    return version;
  }

  /// The server's name of the encoding of the database's texts.
  public String encoding() throws SQLException {
    @Nullable String reported = extras.getParameterStatus("server_encoding");
    return reported == null
        ? query("SELECT pg_catalog.getdatabaseencoding()", row -> row.getString(1)).getFirst()
        : reported;
  }

  /// Has the server send texts as they are stored, and not convert them. Only for what brings no
  /// texts through the driver.
  public void takeTextsAsStored() throws SQLException {
    execute("SET client_encoding = 'SQL_ASCII'");
  }

  /// Whether times are whole microseconds, as they always are from 10 on; before, a server could be
  /// built to keep them as floating-point seconds, and send them so.
  boolean countsMicroseconds() {
    return !"off".equals(extras.getParameterStatus("integer_datetimes"));
  }

  /// Whether the server can decode its log: a standby cannot before PostgreSQL 16.
  public boolean canDecodeLog() throws SQLException {
    return version() >= WITH_DECODING_ON_STANDBY || !isOnStandby();
  }

  /// Whether the server follows another one.
  public boolean isOnStandby() throws SQLException {
    return query("SELECT pg_catalog.pg_is_in_recovery()", row -> row.getBoolean(1)).getFirst();
  }

  /// How the role's sessions keep money in this database.
  Money money() throws SQLException {
    String one =
        query(
                "SET LOCAL lc_monetary = DEFAULT; SELECT pg_catalog.encode(pg_catalog.cash_send(1::pg_catalog.int4::pg_catalog.money), 'hex')",
                row -> row.getString(1))
            .getFirst();
    return Long.parseLong(one, 16) == HUNDRED ? Money.HUNDREDTHS : Money.OTHERWISE;
  }

  /// Runs statements whose results, if any, do not matter; outside of a transaction, in one of
  /// their own.
  public void execute(String sql) throws SQLException {
    if (BEGIN.matcher(sql).find()) {
      run(settings.isEmpty() ? sql : sql + "; " + settings);
    } else if (sql.equals("COMMIT") || sql.equals(ROLLBACK)) {
      run(sql);
    } else {
      alone(sql, Statement::execute);
    }
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private interface Action<T> {
    T in(Statement statement, String sql) throws SQLException;
  }

  // The settings go ahead: in one message with the statement they would hide it from whoever looks
  // at pg_stat_activity, and a server before 11 would count its time by the role's limit.
  private <T> T alone(String sql, Action<T> action) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      if (settings.isEmpty() || state.getTransactionState() != TransactionState.IDLE) {
        return action.in(statement, sql);
      }
      try {
        run("BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY NOT DEFERRABLE; " + settings);
        return action.in(statement, sql.stripTrailing() + "; COMMIT");
      } finally {
        if (!aborted && state.getTransactionState() != TransactionState.IDLE) {
          rollbackQuietly();
        }
      }
    }
  }

  // After a failure that says more than what this one could.
  private void rollbackQuietly() {
    try {
      rollback();
    } catch (SQLException e) {
      LOG.debug("cannot roll back in '{}'", database, e);
    }
  }

  /// Reads a row into a value.
  ///
  /// @param <T> class of the value
  @FunctionalInterface
  public interface RowReader<T> {
    /// The value of the row on which `row` stands.
    T read(ResultSet row) throws SQLException;
  }

  /// Runs a query and reads each of its rows; outside of a transaction, in one of its own.
  public <T> List<T> query(String sql, RowReader<T> reader) throws SQLException {
    return alone(
        sql,
        (statement, text) -> {
          List<T> values = new ArrayList<>();
          boolean isQuery = statement.execute(text);
          while (!isQuery && statement.getUpdateCount() >= 0) {
            isQuery = statement.getMoreResults();
          }
          try (@Nullable ResultSet rows = statement.getResultSet()) {
            while (rows != null && rows.next()) {
              values.add(reader.read(rows));
            }
          }
          return values;
        });
  }

  /// Runs a query that takes parameters and reads each of its rows.
  ///
  /// @param parameters their values as text, which the query casts
  public <T> List<T> query(String sql, List<String> parameters, RowReader<T> reader)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.size(); i++) {
        statement.setString(i + 1, parameters.get(i));
      }
      try (ResultSet rows = statement.executeQuery()) {
        List<T> values = new ArrayList<>();
        while (rows.next()) {
          values.add(reader.read(rows));
        }
        return values;
      }
    }
  }

  /// Sets a custom setting until the transaction ends: this is how values get into a COPY, which
  /// takes no parameters.
  ///
  /// @param name with a dot in it, as the server asks of settings that it does not know
  public void set(String name, String value) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_catalog.set_config(?, ?, true)")) {
      statement.setString(1, name);
      statement.setString(2, value);
      statement.execute();
    }
  }

  /// Begins a transaction that sees one moment and can change nothing.
  public void beginSnapshot() throws SQLException {
    execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY NOT DEFERRABLE");
  }

  /// Ends the transaction, whatever its state.
  public void rollback() throws SQLException {
    execute(ROLLBACK);
  }

  /// Whether a pooler stands between, which may give each transaction another of its connections
  /// with the server.
  public boolean isPooled() throws SQLException {
    int told = extras.getBackendPID();
    return query("SELECT pg_catalog.pg_backend_pid()", row -> row.getInt(1)).getFirst() != told;
  }

  /// The driver's access to COPY.
  public CopyManager copy() throws SQLException {
    return extras.getCopyAPI();
  }

  /// Whether the server still answers.
  public boolean answers(int seconds) throws SQLException {
    return !aborted && connection.isValid(seconds);
  }

  /// Asks the server to give up the running statement and cuts the connection. May be called from
  /// another thread than the one that uses the session, which then fails.
  public void abort() throws IOException {
    aborted = true;
    try {
      // Without this a server that is still sorting would notice only when it sends.
      extras.cancelQuery();
    } catch (SQLException e) {
      LOG.debug(
          "cannot ask the server to give up a query in '{}'; only cutting it off", database, e);
    }
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      throw new IOException("the connection to database '" + database + "' cannot be cut", e);
    }
  }

  /// Whether [#abort] was called.
  public boolean isAborted() {
    return aborted;
  }

  @Override
  public void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw new IOException("the connection to database '" + database + "' cannot be closed", e);
    }
  }

  private static int serverVersion(Connection connection) throws SQLException {
    int major = connection.getMetaData().getDatabaseMajorVersion();
    int minor = connection.getMetaData().getDatabaseMinorVersion();
    return major >= 10 ? major * 10_000 + minor : major * 10_000 + minor * 100;
  }
}
