package dev.tapline.sink.jdbc.connection;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.dialect.api.FailureKind;
import dev.tapline.sink.jdbc.dialect.api.Statements;
import dev.tapline.spi.TransientException;
import java.io.Closeable;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The destination: a pool of connections, and transactions over them. Safe for use by several
/// threads.
public final class Database implements Closeable {
  private static final long WAIT_MILLIS = 60_000;
  // Several pipelines of one process may write to the same database.
  private static final Map<String, ReentrantLock> WRITING = new ConcurrentHashMap<>();

  private final ConnectionConfig config;
  private final ReentrantLock writing;
  private volatile Dialect dialect;
  private @Nullable HikariDataSource pool;

  /// @param config how to connect, which is not done yet
  public Database(ConnectionConfig config) {
    this.config = config;
    this.dialect = config.dialect();
    this.writing = WRITING.computeIfAbsent(config.url(), url -> new ReentrantLock());
  }

  /// Work within a transaction, which is committed when it returns.
  ///
  /// @param <T> its result
  @FunctionalInterface
  public interface Work<T> {
    /// Runs on a connection, which stays the caller's.
    T in(Connection connection) throws SQLException, IOException;
  }

  /// Work without a result.
  @FunctionalInterface
  public interface Step {
    /// Runs on a connection, which stays the caller's.
    void in(Connection connection) throws SQLException, IOException;
  }

  /// The dialect; from the first connection on, that of the server itself.
  public Dialect dialect() {
    return dialect;
  }

  /// Connects, unless that was done before.
  public void connect() throws IOException {
    try {
      pool();
    } catch (SQLException | HikariPool.PoolInitializationException e) {
      throw problem("cannot connect", e);
    }
  }

  /// The schema of all tables; empty for the default of the connection.
  public String schema() {
    return config.schema();
  }

  /// The quoted name of a table, with its schema.
  public String table(String name) {
    return dialect.table(schema(), name);
  }

  /// A connection with a transaction, both of which the caller ends.
  public Connection begin() throws IOException {
    try {
      Connection connection = pool().getConnection();
      try {
        connection.setAutoCommit(false);
        Statements.execute(connection, dialect.transactionStatements());
        return connection;
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException | HikariPool.PoolInitializationException e) {
      throw problem("cannot connect", e);
    }
  }

  /// Does work without a result in a transaction of its own.
  ///
  /// @param doing what it is, for messages
  public void run(String doing, Step step) throws IOException {
    transaction(
        doing,
        connection -> {
          step.in(connection);
          return doing;
        });
  }

  /// Does work in a transaction of its own.
  ///
  /// @param doing what it is, for messages
  public <T> T transaction(String doing, Work<T> work) throws IOException {
    boolean alone = dialect.traits().singleWriter();
    if (alone) {
      writing.lock();
    }
    try (Connection connection = begin()) {
      try {
        T result = work.in(connection);
        connection.commit();
        return result;
      } catch (SQLException | IOException | RuntimeException e) {
        rollBack(connection, e);
        throw e;
      }
    } catch (SQLException e) {
      throw problem(doing, e);
    } finally {
      if (alone) {
        writing.unlock();
      }
    }
  }

  private static void rollBack(Connection connection, Exception reason) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      reason.addSuppressed(e);
    }
  }

  /// Creates the schema of all tables if it does not exist.
  public void createSchemaIfMissing() throws IOException {
    if (!schema().isEmpty()) {
      run(
          "making the schema '" + schema() + "'",
          connection -> DestinationSchema.create(this, connection));
    }
  }

  /// Returns true if the schema of all tables exists.
  public boolean hasSchema(Connection connection) throws SQLException {
    return schema().isEmpty() || DestinationSchema.exists(this, connection);
  }

  /// Creates the schema of all tables if it does not exist.
  public void createSchema(Connection connection) throws SQLException {
    DestinationSchema.create(this, connection);
  }

  /// The names of the tables in the schema that begin with `prefix`, in any letter case.
  public List<String> tables(Connection connection, String prefix) throws SQLException {
    DatabaseMetaData metadata = connection.getMetaData();
    String schema = schema().isEmpty() ? connection.getSchema() : schema();
    List<String> names = new ArrayList<>();
    boolean catalogs = !metadata.supportsSchemasInTableDefinitions() && !schema().isEmpty();
    try (ResultSet tables =
        metadata.getTables(
            catalogs ? schema() : connection.getCatalog(),
            catalogs ? null : schema,
            prefix.replace("_", metadata.getSearchStringEscape() + "_") + "%",
            null)) {
      while (tables.next()) {
        String name = tables.getString("TABLE_NAME");
        String type = String.valueOf(tables.getString("TABLE_TYPE"));
        if ((type.contains("TABLE") || type.contains("VIEW"))
            && name.toLowerCase(Locale.ROOT).startsWith(prefix.toLowerCase(Locale.ROOT))) {
          names.add(name);
        }
      }
    }
    return names;
  }

  /// Returns true if there is a table or a view of that name.
  public boolean exists(Connection connection, String name) throws SQLException {
    boolean exactly = dialect.traits().caseSensitive();
    return tables(connection, name).stream()
        .anyMatch(found -> exactly ? found.equals(name) : found.equalsIgnoreCase(name));
  }

  /// The exception for an error: a [TransientException] if it may pass.
  public IOException problem(String doing, Exception error) {
    Throwable cause =
        error instanceof HikariPool.PoolInitializationException && error.getCause() != null
            ? error.getCause()
            : error;
    String message =
        "%s '%s': %s: %s"
            .formatted(dialect.name(), config.redactedUrl(), doing, cause.getMessage());
    return cause instanceof SQLException sql && dialect.failure(sql) == FailureKind.TRANSIENT
        ? new TransientException(message, error)
        : new IOException(message, error);
  }

  private synchronized HikariDataSource pool() throws SQLException {
    HikariDataSource known = pool;
    if (known != null) {
      return known;
    }
    HikariConfig hikari = new HikariConfig();
    hikari.setPoolName("tapline");
    hikari.setDataSource(config.dataSource());
    // Without it some drivers begin the next transaction at once, and lock the database.
    hikari.setAutoCommit(true);
    hikari.setMaximumPoolSize(config.connections());
    hikari.setMinimumIdle(0);
    hikari.setConnectionTimeout(WAIT_MILLIS);
    hikari.setInitializationFailTimeout(1);
    HikariDataSource made = new HikariDataSource(hikari);
    pool = made;
    try (Connection connection = made.getConnection()) {
      dialect = dialect.forServer(connection);
    }
    return made;
  }

  @Override
  public synchronized void close() {
    HikariDataSource open = pool;
    pool = null;
    if (open != null) {
      open.close();
    }
  }
}
