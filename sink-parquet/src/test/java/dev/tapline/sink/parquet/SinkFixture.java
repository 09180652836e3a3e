package dev.tapline.sink.parquet;

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
import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.SinkContext;
import dev.tapline.spi.sink.SinkWriter;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.sink.WriterContext;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A sink over a folder, and batches for it.
final class SinkFixture {
  /// A key `id` and a text `note`.
  private static final StreamName ORDERS = new StreamName("shop", "public", "orders");

  static final Schema NOTES =
      new Schema(
          List.of(
              new Field("id", Scalar.INT64, false, "bigint", ""),
              Field.of("note", Scalar.TEXT, "text")),
          List.of("id"));

  private final Path folder;
  private final Map<String, Object> keys = new HashMap<>();

  SinkFixture(Path folder, Map<String, Object> keys) {
    this.folder = folder;
    this.keys.putAll(keys);
    this.keys.put("path", folder.toString());
  }

  Sink sink() {
    ParquetSinkProvider provider = new ParquetSinkProvider();
    return provider.create(Config.of(provider.config(), keys), new SinkContext("shop"));
  }

  static Stream stream(String destination, Schema schema) {
    return new Stream(
        new StreamName("shop", "public", destination),
        RelationKind.TABLE,
        schema,
        destination,
        "FULL_TABLE",
        List.of(),
        -1,
        -1);
  }

  static Batch batch(Schema schema) {
    Batch batch = new Batch(ORDERS, schema, 16);
    batch.clear(0);
    return batch;
  }

  static Batch reads(int first, int end) {
    Batch batch = batch(NOTES);
    for (int i = first; i < end; i++) {
      ((LongColumn) batch.column(0)).append(i);
      ((BytesColumn) batch.column(1)).append("note " + i);
      batch.endRow();
    }
    return batch;
  }

  /// Adds a change of a row of [#NOTES].
  static void change(Batch batch, Change change, long id, String note) {
    ((LongColumn) batch.column(0)).append(id);
    if (note == null) {
      batch.column(1).appendNull();
    } else {
      ((BytesColumn) batch.column(1)).append(note);
    }
    batch.endRow(change, 4711, batch.rows(), 1_000_000, 731);
  }

  /// Adds an update that has left the note out.
  static void updateWithoutNote(Batch batch, long id) {
    ((LongColumn) batch.column(0)).append(id);
    batch.column(1).appendUnchanged();
    batch.endRow(Change.UPDATE, 4711, batch.rows(), 1_000_000, 731);
  }

  /// Writes batches and prepares them.
  static List<Commit> prepare(Sink sink, WriteMode mode, long generation, Batch... batches)
      throws Exception {
    Schema schema = batches.length == 0 ? NOTES : batches[0].schema();
    WriterContext context = new WriterContext(stream("orders", schema), mode, generation, "0");
    try (SinkWriter writer = sink.openWriter(context)) {
      for (Batch batch : batches) {
        writer.write(batch);
      }
      return writer.prepare();
    }
  }

  static Checkpoint added(long number, List<Commit> commits) {
    return new Checkpoint(number, Map.of(ORDERS, commits), List.of(), Map.of());
  }

  static Checkpoint loaded(long number, long generation, List<Commit> commits) {
    return new Checkpoint(
        number,
        Map.of(ORDERS, commits),
        List.of(new Checkpoint.Replacement(ORDERS, "orders", generation)),
        Map.of());
  }

  /// Adds rows, in a run of their own.
  void add(long number, Batch... batches) throws Exception {
    add(number, 0, batches);
  }

  void add(long number, long generation, Batch... batches) throws Exception {
    try (Sink sink = sink()) {
      commit(sink, added(number, prepare(sink, WriteMode.APPEND, generation, batches)));
    }
  }

  /// Loads a version, in a run of its own.
  void load(long number, long generation, Batch... batches) throws Exception {
    try (Sink sink = sink()) {
      commit(
          sink, loaded(number, generation, prepare(sink, WriteMode.REPLACE, generation, batches)));
    }
  }

  static void commit(Sink sink, Checkpoint checkpoint) throws Exception {
    try (SinkCommitter committer = sink.openCommitter()) {
      committer.commit(checkpoint);
    }
  }

  List<Path> files() throws Exception {
    return TestFiles.in(folder.resolve("orders"), ".parquet");
  }

  List<Path> image() throws Exception {
    return TestFiles.in(folder.resolve("orders__current"), ".parquet");
  }

  /// `id=note` of each row of the image, in order.
  List<String> imageRows() throws Exception {
    return image().isEmpty()
        ? List.of()
        : DuckDb.query(
                "SELECT id || '=' || coalesce(note, 'NULL') FROM "
                    + DuckDb.table(image())
                    + " ORDER BY id")
            .stream()
            .map(List::getFirst)
            .toList();
  }
}
