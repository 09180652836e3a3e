package dev.tapline.source.postgres.connect;

import java.io.Closeable;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One connection to one database, set up so that what it sends means the same on every server. One
/// thread at a time, apart from [#abort()].
public final class Session implements Closeable {
  private static final int WITH_DECODING_ON_STANDBY = 160_000;

  private static final Logger LOG = LoggerFactory.getLogger(Session.class);

  /// What every session is set to:
  /// - UTC, ISO dates, `postgres` intervals, all digits of floats, hex bytea, whatever the role's
  ///   or the database's defaults are, so that text forms do not depend on them;
  /// - no search path but the catalog's, so that nobody's operators or functions stand in for ours;
  /// - row security off, which makes the server refuse a query whose rows a policy would filter
  ///   rather than send a part of them;
  /// - no time limits but the one that the descriptor asks for.
  private static final String SETUP =
      """
      SET TimeZone = 'UTC';
      SET DateStyle = 'ISO, YMD';
      SET IntervalStyle = 'postgres';
      SET extra_float_digits = 3;
      SET bytea_output = 'hex';
      SET xmlbinary = 'base64';
      SET client_min_messages = 'warning';
      SET search_path = 'pg_catalog';
      SET default_transaction_read_only = on;
      SET lock_timeout = 0;
      """;

  private static final int VERSION_WITH_ROW_SECURITY = 90_500;
  private static final int VERSION_WITH_IDLE_TIMEOUT = 90_600;

  private final String database;
  private final String user;
  private final Connection connection;
  private final PGConnection extras;
  private final int version;
  private final String server;
  private volatile boolean aborted;

  Session(String database, String user, Connection connection) throws SQLException {
    this.user = user;
    this.database = database;
    this.connection = connection;
    this.extras = connection.unwrap(PGConnection.class);
    this.version = serverVersion(connection);
    this.server = connection.getMetaData().getURL().replaceFirst("^[^/]*//([^/]*).*", "$1");
  }

  void setUp(Settings settings) throws SQLException {
    execute(SETUP + "SET statement_timeout = " + settings.statementTimeout().toMillis());
    if (version >= VERSION_WITH_ROW_SECURITY) {
      execute("SET row_security = off");
    }
    if (version >= VERSION_WITH_IDLE_TIMEOUT) {
      execute("SET idle_in_transaction_session_timeout = 0");
    }
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

  /// Runs statements whose results, if any, do not matter.
  public void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
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

  /// Runs a query and reads each of its rows.
  public <T> List<T> query(String sql, RowReader<T> reader) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<T> values = new ArrayList<>();
      while (rows.next()) {
        values.add(reader.read(rows));
      }
      return values;
    }
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

  /// Gives a setting of our own a value until the transaction ends: the way in which values get
  /// into a COPY, which takes no parameters.
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
    execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  }

  /// Ends the transaction, whatever its state.
  public void rollback() throws SQLException {
    execute("ROLLBACK");
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

  /// Whether [#abort()] was called.
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
