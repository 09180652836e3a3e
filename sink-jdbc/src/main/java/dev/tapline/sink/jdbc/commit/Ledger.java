package dev.tapline.sink.jdbc.commit;

import dev.tapline.files.json.JsonCodec;
import dev.tapline.sink.jdbc.commit.TableVersion.State;
import dev.tapline.sink.jdbc.connection.Database;
import dev.tapline.sink.jdbc.dialect.api.ColumnType;
import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.dialect.api.Statements;
import dev.tapline.sink.jdbc.dialect.api.TableColumn;
import dev.tapline.sink.jdbc.table.LegacyText;
import dev.tapline.sink.jdbc.table.TableLayout;
import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.StreamName;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What the sink keeps about itself in the destination: the last checkpoint of each pipeline
/// (`_tapline_ledger`), and the versions of tables with their owners and columns
/// (`_tapline_tables`).
public final class Ledger {
  private static final String LEDGER = "_tapline_ledger";
  private static final String TABLES = "_tapline_tables";
  private static final int MOST_POSITIONS = 20;

  private final Database database;
  private final String pipeline;
  private volatile boolean known;

  /// @param pipeline whose checkpoints and tables they are
  public Ledger(Database database, String pipeline) {
    this.database = database;
    this.pipeline = pipeline;
  }

  /// Returns true if both tables exist.
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
              new TableColumn("generation", column("generation", Scalar.INT64).type(), false),
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
    Statements.execute(
        connection,
        List.of(
            dialect.createTable(
                database.table(table), columns, dialect.traits().primaryKeys() ? key : List.of())));
  }

  private TableColumn name(String name) {
    ColumnType type = database.dialect().text(true);
    return new TableColumn(name, type, false);
  }

  private TableColumn column(String name, Scalar type) {
    return new TableColumn(name, database.dialect().type(Field.of(name, type, ""), false), true);
  }

  /// The last checkpoint of the pipeline, if it has committed one.
  OptionalLong checkpoint(Connection connection) throws SQLException {
    return Statements.query(connection, ofPipeline("checkpoint"), row -> row.getLong(1), pipeline)
        .stream()
        .mapToLong(Long::longValue)
        .findFirst();
  }

  private String ofPipeline(String column) {
    return "SELECT %s FROM %s WHERE %s = ?"
        .formatted(quote(column), database.table(LEDGER), quote("pipeline"));
  }

  /// Records a checkpoint in the place of the last one.
  void write(Connection connection, long checkpoint, Map<StreamName, Position> positions)
      throws SQLException {
    Statements.update(
        connection,
        "DELETE FROM %s WHERE %s = ?".formatted(database.table(LEDGER), quote("pipeline")),
        pipeline);
    String text = JsonCodec.write(json -> examples(positions).forEach(json::writeStringProperty));
    Statements.update(
        connection,
        "INSERT INTO %s (%s, %s, %s, %s) VALUES (?, ?, ?, ?)"
            .formatted(
                database.table(LEDGER),
                quote("pipeline"),
                quote("checkpoint"),
                quote("positions"),
                quote("written_at")),
        pipeline,
        checkpoint,
        text,
        Instant.now().toString());
  }

  /// A stream for each position that streams have reached. Those of a slot are at one LSN together,
  /// so the row is no larger where they are thousands.
  private static SortedMap<String, String> examples(Map<StreamName, Position> positions) {
    Map<String, String> streams = new LinkedHashMap<>();
    new TreeMap<>(positions)
        .forEach((stream, position) -> {
          if (streams.size() < MOST_POSITIONS) {
            streams.putIfAbsent(position.toString(), stream.qualified());
          }
        });
    SortedMap<String, String> examples = new TreeMap<>();
    streams.forEach((position, stream) -> examples.put(stream, position));
    return examples;
  }

  /// Streams that the last checkpoint has advanced, with their positions.
  SortedMap<String, String> positions(Connection connection) throws SQLException {
    SortedMap<String, String> positions = new TreeMap<>();
    for (Optional<String> text :
        Statements.query(
            connection,
            ofPipeline("positions"),
            row -> Optional.ofNullable(row.getString(1)),
            pipeline)) {
      positions.putAll(positions(text.orElse("")));
    }
    return positions;
  }

  private static Map<String, String> positions(String text) {
    if (text.isEmpty()) {
      return Map.of();
    }
    Map<String, String> positions = new LinkedHashMap<>();
    if (!LegacyText.matches(text)) {
      Map<String, @Nullable Object> json = JsonCodec.read(text);
      json.keySet().forEach(stream -> positions.put(stream, JsonCodec.text(json, stream)));
      return positions;
    }
    LegacyText fields = LegacyText.of(text);
    while (fields.hasNext()) {
      positions.put(fields.next(), fields.next());
    }
    return positions;
  }

  /// The pipeline that writes a destination's table, if one does.
  public Optional<String> owner(Connection connection, String destination) throws SQLException {
    return versions(connection, destination).stream().map(TableVersion::owner).findFirst();
  }

  /// All versions of a destination's table.
  List<TableVersion> versions(Connection connection, String destination) throws SQLException {
    return versions(connection, "destination", destination);
  }

  /// Versions of this pipeline that are about to take the place of others.
  List<TableVersion> next(Connection connection) throws SQLException {
    return versions(connection, "state", State.NEXT.name()).stream()
        .filter(version -> version.owner().equals(pipeline))
        .toList();
  }

  /// All versions of this pipeline's tables.
  List<TableVersion> own(Connection connection) throws SQLException {
    return versions(connection, "pipeline", pipeline);
  }

  private List<TableVersion> versions(Connection connection, String column, String value)
      throws SQLException {
    String query =
        "SELECT %s, %s, %s, %s, %s FROM %s WHERE %s = ?"
            .formatted(
                quote("destination"),
                quote("generation"),
                quote("pipeline"),
                quote("state"),
                quote("layout"),
                database.table(TABLES),
                quote(column));
    return Statements.query(
        connection,
        query,
        row ->
            new TableVersion(
                row.getString(1),
                row.getLong(2),
                row.getString(3),
                State.valueOf(row.getString(4)),
                TableLayout.parse(row.getString(5))),
        value);
  }

  /// Records a version in the place of another, if there is one.
  void put(Connection connection, Optional<TableVersion> before, TableVersion version)
      throws SQLException {
    if (before.isPresent()) {
      remove(connection, before.get());
    }
    Statements.update(
        connection,
        "INSERT INTO %s (%s, %s, %s, %s, %s) VALUES (?, ?, ?, ?, ?)"
            .formatted(
                database.table(TABLES),
                quote("destination"),
                quote("generation"),
                quote("pipeline"),
                quote("state"),
                quote("layout")),
        version.destination(),
        version.version(),
        version.owner(),
        version.state().name(),
        version.layout().text());
  }

  void remove(Connection connection, TableVersion version) throws SQLException {
    Statements.update(
        connection,
        "DELETE FROM %s WHERE %s = ? AND %s = ? AND %s = ?"
            .formatted(
                database.table(TABLES), quote("destination"), quote("generation"), quote("state")),
        version.destination(),
        version.version(),
        version.state().name());
  }

  private String quote(String name) {
    return database.dialect().quote(name);
  }
}
