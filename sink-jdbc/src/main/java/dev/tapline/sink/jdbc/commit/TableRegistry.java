package dev.tapline.sink.jdbc.commit;

import dev.tapline.sink.jdbc.connection.Database;
import dev.tapline.sink.jdbc.dialect.api.ColumnType;
import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.dialect.api.TableColumn;
import dev.tapline.sink.jdbc.table.TableLayout;
import dev.tapline.sink.jdbc.table.Words;
import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.StreamName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the sink keeps in the destination: the ledger with each pipeline's last checkpoint, and the
/// tables with their owners, versions and columns.
public final class TableRegistry {
  static final String LEDGER = "_tapline_ledger";
  static final String TABLES = "_tapline_tables";

  private static final int MOST_PLACES = 20;

  private final Database database;
  private final String pipeline;
  private volatile boolean known;

  /// @param pipeline whose ledger
  public TableRegistry(Database database, String pipeline) {
    this.database = database;
    this.pipeline = pipeline;
  }

  /// What a version of a table is.
  enum State {
    /// It is what people see.
    LIVE,
    /// Rows are loaded into it.
    LOADING,
    /// It is complete, has its key, and waits to be seen.
    KEYED,
    /// It is about to take the place of the one before.
    NEXT
  }

  /// A version of a table.
  ///
  /// @param destination the table's name
  /// @param generation the number of the version
  /// @param owner the pipeline that writes it
  /// @param state what it is
  /// @param layout its columns
  record Entry(String destination, long generation, String owner, State state, TableLayout layout) {
    Entry with(State next) {
      return new Entry(destination, generation, owner, next, layout);
    }

    Entry with(TableLayout next) {
      return new Entry(destination, generation, owner, state, next);
    }
  }

  /// Whether there is anything of this sink in the destination.
  public boolean exists(Connection connection) throws SQLException {
    known = known || (database.exists(connection, LEDGER) && database.exists(connection, TABLES));
    return known;
  }

  void create(Connection connection) throws SQLException {
    if (known) {
      return;
    }
    if (!database.exists(connection, LEDGER)) {
      create(
          connection,
          LEDGER,
          List.of(
              name("pipeline"),
              column("checkpoint", Scalar.INT64),
              column("positions", Scalar.TEXT),
              column("written_at", Scalar.TEXT)),
          List.of("pipeline"));
    }
    if (!database.exists(connection, TABLES)) {
      create(
          connection,
          TABLES,
          List.of(
              name("destination"),
              new TableColumn("generation", column("generation", Scalar.INT64).type(), false, ','),
              name("pipeline"),
              name("state"),
              column("layout", Scalar.TEXT)),
          List.of("destination", "generation", "state"));
    }
  }

  private void create(
      Connection connection, String table, List<TableColumn> columns, List<String> key)
      throws SQLException {
    Dialect dialect = database.dialect();
    Database.execute(
        connection,
        List.of(
            dialect.createTable(
                database.table(table), columns, dialect.traits().key() ? key : List.of())));
  }

  private TableColumn name(String name) {
    ColumnType type = database.dialect().text(true);
    return new TableColumn(name, type, false, ',');
  }

  private TableColumn column(String name, Scalar type) {
    return new TableColumn(
        name, database.dialect().type(Field.of(name, type, ""), false), true, ',');
  }

  OptionalLong checkpoint(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT %s FROM %s WHERE %s = ?"
                .formatted(quote("checkpoint"), database.table(LEDGER), quote("pipeline")))) {
      statement.setString(1, pipeline);
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? OptionalLong.of(rows.getLong(1)) : OptionalLong.empty();
      }
    }
  }

  void write(Connection connection, long checkpoint, Map<StreamName, Position> news)
      throws SQLException {
    Words words = new Words();
    examples(news).forEach((stream, position) -> words.add(stream).add(position));
    delete(connection, LEDGER, "pipeline", pipeline);
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO %s (%s, %s, %s, %s) VALUES (?, ?, ?, ?)"
                .formatted(
                    database.table(LEDGER),
                    quote("pipeline"),
                    quote("checkpoint"),
                    quote("positions"),
                    quote("written_at")))) {
      statement.setString(1, pipeline);
      statement.setLong(2, checkpoint);
      statement.setString(3, words.toString());
      statement.setString(4, Instant.now().toString());
      statement.executeUpdate();
    }
  }

  /// A stream for each place that streams have come to. Those of a slot are at one LSN together, so
  /// the row is no larger where they are thousands.
  private static SortedMap<String, String> examples(Map<StreamName, Position> news) {
    Map<String, String> streams = new LinkedHashMap<>();
    new TreeMap<>(news)
        .forEach((stream, position) -> {
          if (streams.size() < MOST_PLACES) {
            streams.putIfAbsent(position.toString(), stream.qualified());
          }
        });
    SortedMap<String, String> places = new TreeMap<>();
    streams.forEach((position, stream) -> places.put(stream, position));
    return places;
  }

  /// Streams that the last checkpoint has brought on, and where they stand.
  SortedMap<String, String> positions(Connection connection) throws SQLException {
    SortedMap<String, String> positions = new TreeMap<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT %s FROM %s WHERE %s = ?"
                .formatted(quote("positions"), database.table(LEDGER), quote("pipeline")))) {
      statement.setString(1, pipeline);
      try (ResultSet rows = statement.executeQuery()) {
        String text = rows.next() ? rows.getString(1) : null;
        if (text != null && !text.isEmpty()) {
          Words.Reader reader = Words.reader(text);
          while (reader.hasNext()) {
            positions.put(reader.next(), reader.next());
          }
        }
      }
    }
    return positions;
  }

  /// The pipeline that writes a destination's table, if one does.
  public Optional<String> owner(Connection connection, String destination) throws SQLException {
    return entries(connection, destination).stream().map(Entry::owner).findFirst();
  }

  /// All versions of a destination's table.
  List<Entry> entries(Connection connection, String destination) throws SQLException {
    return entries(connection, "destination", destination);
  }

  /// Versions of this pipeline that are about to take the place of others.
  List<Entry> next(Connection connection) throws SQLException {
    return entries(connection, "state", State.NEXT.name()).stream()
        .filter(entry -> entry.owner().equals(pipeline))
        .toList();
  }

  /// All versions of this pipeline's tables.
  List<Entry> own(Connection connection) throws SQLException {
    return entries(connection, "pipeline", pipeline);
  }

  private List<Entry> entries(Connection connection, String column, String value)
      throws SQLException {
    List<Entry> entries = new ArrayList<>();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT %s, %s, %s, %s, %s FROM %s WHERE %s = ?"
                .formatted(
                    quote("destination"),
                    quote("generation"),
                    quote("pipeline"),
                    quote("state"),
                    quote("layout"),
                    database.table(TABLES),
                    quote(column)))) {
      statement.setString(1, value);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          entries.add(
              new Entry(
                  rows.getString(1),
                  rows.getLong(2),
                  rows.getString(3),
                  State.valueOf(rows.getString(4)),
                  TableLayout.read(Words.reader(rows.getString(5)))));
        }
      }
    }
    return entries;
  }

  static Optional<Entry> live(List<Entry> entries) {
    return entries.stream().filter(entry -> entry.state() == State.LIVE).findFirst();
  }

  /// Puts an entry in the place of the one before, if there is one.
  void put(Connection connection, Optional<Entry> before, Entry entry) throws SQLException {
    if (before.isPresent()) {
      remove(connection, before.get());
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO %s (%s, %s, %s, %s, %s) VALUES (?, ?, ?, ?, ?)"
                .formatted(
                    database.table(TABLES),
                    quote("destination"),
                    quote("generation"),
                    quote("pipeline"),
                    quote("state"),
                    quote("layout")))) {
      statement.setString(1, entry.destination());
      statement.setLong(2, entry.generation());
      statement.setString(3, entry.owner());
      statement.setString(4, entry.state().name());
      statement.setString(5, entry.layout().write(new Words()).toString());
      statement.executeUpdate();
    }
  }

  void remove(Connection connection, Entry entry) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "DELETE FROM %s WHERE %s = ? AND %s = ? AND %s = ?"
                .formatted(
                    database.table(TABLES),
                    quote("destination"),
                    quote("generation"),
                    quote("state")))) {
      statement.setString(1, entry.destination());
      statement.setLong(2, entry.generation());
      statement.setString(3, entry.state().name());
      statement.executeUpdate();
    }
  }

  private void delete(Connection connection, String table, String column, String value)
      throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "DELETE FROM %s WHERE %s = ?".formatted(database.table(table), quote(column)))) {
      statement.setString(1, value);
      statement.executeUpdate();
    }
  }

  private String quote(String name) {
    Dialect dialect = database.dialect();
    return dialect.quote(name);
  }
}
