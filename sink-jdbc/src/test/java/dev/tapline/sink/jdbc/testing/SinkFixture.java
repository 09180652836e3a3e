package dev.tapline.sink.jdbc.testing;

import dev.tapline.sink.jdbc.JdbcSinkProvider;
import dev.tapline.spi.Position;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.RelationKind;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.sink.Checkpoint;
import dev.tapline.spi.sink.GrowingClock;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.SinkContext;
import dev.tapline.spi.sink.SinkWriter;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.sink.WriterContext;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A sink over a database, and batches for it.
public final class SinkFixture {
  public static final StreamName NAME = new StreamName("shop", "public", "orders");

  /// A key `id` and a text `note`.
  public static final Schema NOTES = schema("note");

  private final String url;
  private final String pipeline;
  private final Map<String, Object> keys = new HashMap<>();
  private long checkpoint;

  public SinkFixture(String url, String pipeline, Map<String, Object> keys) {
    this.url = url;
    this.pipeline = pipeline;
    this.keys.putAll(keys);
    this.keys.put("url", url);
  }

  /// Goes on after the checkpoints of another over the same database.
  public void goOnAfter(SinkFixture other) {
    checkpoint = other.checkpoint;
  }

  /// A key `id` and texts.
  public static Schema schema(String... texts) {
    List<Field> fields = new ArrayList<>();
    fields.add(new Field("id", Scalar.INT64, false, "bigint", ""));
    for (String text : texts) {
      fields.add(Field.of(text, Scalar.TEXT, "text"));
    }
    return new Schema(fields, List.of("id"));
  }

  public static Schema withoutKey(Schema schema) {
    return new Schema(schema.fields(), List.of());
  }

  /// The pipeline's clock, which goes on from run to run.
  public GrowingClock clock = new GrowingClock(InstantSource.system(), 0);

  public Sink sink() {
    JdbcSinkProvider provider = new JdbcSinkProvider();
    return provider.create(Config.of(provider.config(), keys), new SinkContext(pipeline, clock));
  }

  public static Stream stream(Schema schema) {
    return stream("orders", schema);
  }

  public static Stream stream(String destination, Schema schema) {
    return new Stream(
        NAME, RelationKind.TABLE, schema, destination, "LOG_BASED", List.of(), -1, -1);
  }

  public static Batch batch(Schema schema) {
    Batch batch = new Batch(NAME, schema, 16);
    batch.clear(0);
    return batch;
  }

  /// Appends a change; a text that is null is NULL, and one that is `unchanged` was not carried.
  public static void change(Batch batch, Change change, long id, @Nullable String... texts) {
    ((LongColumn) batch.column(0)).append(id);
    for (int i = 0; i < texts.length; i++) {
      String text = texts[i];
      if (text == null) {
        batch.column(i + 1).appendNull();
      } else if (text.equals("unchanged")) {
        batch.column(i + 1).appendUnchanged();
      } else {
        ((BytesColumn) batch.column(i + 1)).append(text);
      }
    }
    batch.endRow(change, 4711, batch.rows(), 1_000_000, 731);
  }

  public static void truncate(Batch batch) {
    batch.columns().forEach(column -> column.appendNull());
    batch.endRow(Change.TRUNCATE, 4711, batch.rows(), 2_000_000, 731);
  }

  /// Writes and commits batches, in a run of its own.
  public void add(Batch... batches) throws Exception {
    write(WriteMode.APPEND, 1, batches);
  }

  /// Writes and commits a new version of the table.
  public void replace(long version, Batch... batches) throws Exception {
    write(WriteMode.REPLACE, version, batches);
  }

  public void write(WriteMode mode, long version, Batch... batches) throws Exception {
    try (Sink sink = sink();
        SinkCommitter committer = sink.openCommitter()) {
      committer.commit(prepare(sink, mode, version, batches));
      committer.sweep();
    }
  }

  private Checkpoint prepare(Sink sink, WriteMode mode, long version, Batch... batches)
      throws Exception {
    Schema schema = batches[0].schema();
    try (SinkWriter writer =
        sink.openWriter(new WriterContext(stream(schema), mode, version, "0"))) {
      for (Batch batch : batches) {
        writer.write(batch);
      }
      return new Checkpoint(
          ++checkpoint,
          Map.of(NAME, writer.prepare()),
          mode == WriteMode.REPLACE
              ? List.of(new Checkpoint.TableReplacement(NAME, "orders", version))
              : List.of(),
          Map.of(NAME, Position.of("lsn", "0/1")));
    }
  }

  /// Has changes prepared, by a run that then ends.
  public Checkpoint prepare(Batch... batches) throws Exception {
    try (Sink sink = sink()) {
      return prepare(sink, WriteMode.APPEND, 1, batches);
    }
  }

  /// Commits what a run has prepared, in another one.
  public void commit(Checkpoint pending) throws Exception {
    try (Sink sink = sink();
        SinkCommitter committer = sink.openCommitter()) {
      committer.commit(pending);
    }
  }

  /// Rows of a query, each as its values with a bar between.
  public List<String> query(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        StringBuilder row = new StringBuilder();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.append(i == 1 ? "" : "|").append(result.getString(i));
        }
        rows.add(row.toString());
      }
    }
    return rows;
  }

  /// The names of all tables, in small letters.
  public List<String> tables() throws SQLException {
    List<String> names = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(url);
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

  public void execute(String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
