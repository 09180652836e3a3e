package dev.tapline.it;

import dev.tapline.source.postgres.testing.MariaDbContainer;
import dev.tapline.source.postgres.testing.MySqlContainer;
import dev.tapline.source.postgres.testing.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A database that the sink writes, as a pipeline names it, and as a test reads it.
///
/// @param kind its name
/// @param url the driver's URL
/// @param keys further keys of the sink's section, each after a comma
/// @param quote what stands around names
/// @param home the distribution that has its driver
record JdbcDestination(String kind, String url, String keys, String quote, Path home) {

  /// A database of a server.
  static JdbcDestination postgresql(TestServer server, String database) {
    server.execute("CREATE DATABASE " + database);
    String url = "jdbc:postgresql://127.0.0.1:%d/%s?user=postgres";
    return new JdbcDestination(
        "postgresql", url.formatted(server.port(), database), "", "\"", Distribution.HOME);
  }

  /// The database of a container.
  static JdbcDestination mariaDb(MariaDbContainer server) {
    return new JdbcDestination(
        "mariadb",
        server.url("tapline"),
        ", user: %s, password: %s".formatted(MariaDbContainer.USER, MariaDbContainer.PASSWORD),
        "`",
        Distribution.HOME);
  }

  /// The database of a container, whose driver is dropped in.
  static JdbcDestination mySql(MySqlContainer server, Path folder) throws IOException {
    return new JdbcDestination(
        "mysql",
        server.url("tapline"),
        ", user: %s, password: %s".formatted(MySqlContainer.USER, MySqlContainer.PASSWORD),
        "`",
        DroppedDriver.folder(folder, "mysql-connector-j"));
  }

  /// A file in a folder: `sqlite`, `h2` or `duckdb`, whose driver is dropped in.
  static JdbcDestination embedded(String kind, Path folder) throws IOException {
    return new JdbcDestination(
        kind,
        "jdbc:" + kind + ":" + folder.resolve("copy"),
        "",
        "\"",
        kind.equals("duckdb") ? DroppedDriver.folder(folder, "duckdb_jdbc") : Distribution.HOME);
  }

  Connection connect() throws SQLException {
    return connect("");
  }

  /// Connects with more parameters, for a server.
  Connection connect(String parameters) throws SQLException {
    return switch (kind) {
      case "mariadb" ->
          DriverManager.getConnection(
              url + parameters, MariaDbContainer.USER, MariaDbContainer.PASSWORD);
      case "mysql" ->
          DriverManager.getConnection(
              url + parameters, MySqlContainer.USER, MySqlContainer.PASSWORD);
      default -> DriverManager.getConnection(url + parameters);
    };
  }

  /// The sink's section.
  String sink() {
    return "{type: jdbc, url: \"%s\"%s}".formatted(url, keys);
  }

  /// Runs the pipeline in a folder to its end.
  Distribution.Result run(Path folder, String... arguments)
      throws IOException, InterruptedException {
    return Distribution.run(home, folder, Map.of(), arguments);
  }

  /// The rows of a table; a row is the values of some columns with a bar between.
  List<String> rows(String table, String... columns) throws SQLException {
    List<String> quoted = List.of(columns).stream().map(name -> quote + name + quote).toList();
    return query("SELECT %s FROM %s%s%s".formatted(String.join(", ", quoted), quote, table, quote));
  }

  /// The rows of a query, in the same form.
  List<String> query(String query) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          values.add(result.getString(i));
        }
        rows.add(String.join("|", values));
      }
    }
    return rows;
  }

  void execute(String sql) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /// Tables that no run has swept.
  List<String> leftovers() throws SQLException {
    return tables().stream().filter(name -> name.startsWith("_tl_")).toList();
  }

  /// The names of all tables, in small letters.
  List<String> tables() throws SQLException {
    List<String> names = new ArrayList<>();
    try (Connection connection = connect();
        ResultSet tables =
            connection
                .getMetaData()
                .getTables(connection.getCatalog(), connection.getSchema(), "%", null)) {
      while (tables.next()) {
        names.add(tables.getString("TABLE_NAME").toLowerCase(Locale.ROOT));
      }
    }
    return names;
  }

  @Override
  public String toString() {
    return kind;
  }
}
