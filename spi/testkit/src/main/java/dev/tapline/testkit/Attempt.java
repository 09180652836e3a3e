package dev.tapline.testkit;

import dev.tapline.spi.Position;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.Checkpoint;
import dev.tapline.spi.sink.Checkpoint.TableReplacement;
import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.SinkWriter;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.sink.WriterContext;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// A process that uses a sink. It crashes by not being used any further; [#close()] is its orderly
/// end.
final class Attempt implements Closeable {
  private final Sink sink;
  private final SinkCommitter committer;

  Attempt(Sink sink) throws Exception {
    this.sink = sink;
    this.committer = sink.openCommitter();
  }

  SinkCommitter committer() {
    return committer;
  }

  SinkWriter writer(Stream stream, WriteMode mode, long version, String part) throws Exception {
    return sink.openWriter(new WriterContext(stream, mode, version, part));
  }

  /// Writes batches and prepares them.
  List<Commit> prepare(Stream stream, WriteMode mode, long version, Batch... batches)
      throws Exception {
    try (SinkWriter writer = writer(stream, mode, version, "0")) {
      write(writer, batches);
      return writer.prepare();
    }
  }

  /// Hands batches to a writer and then overwrites them, as a source does.
  private static final StreamName SOME = new StreamName("shop", "public", "some");

  static void write(SinkWriter writer, Batch... batches) throws Exception {
    for (Batch batch : batches) {
      writer.write(batch);
      overwrite(batch);
    }
  }

  void commit(Checkpoint checkpoint) throws Exception {
    committer.commit(checkpoint);
  }

  static Checkpoint checkpoint(
      long number, List<Commit> commits, TableReplacement... replacements) {
    return new Checkpoint(number, Map.of(SOME, commits), List.of(replacements), Map.of());
  }

  static Checkpoint checkpoint(
      long number, Stream stream, List<Commit> commits, TableReplacement... replacements) {
    return new Checkpoint(
        number,
        Map.of(stream.name(), commits),
        List.of(replacements),
        Map.of(stream.name(), Position.of("row", Long.toString(number))));
  }

  static TableReplacement replacement(Stream stream, long version) {
    return new TableReplacement(stream.name(), stream.destination(), version);
  }

  @Override
  public void close() throws IOException {
    committer.close();
    sink.close();
  }

  private static void overwrite(Batch batch) {
    Schema schema = batch.schema();
    int rows = batch.rows();
    batch.clear(0);
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < schema.size(); i++) {
        switch (batch.column(i)) {
          case LongColumn longs -> longs.append(-4711);
          case BytesColumn bytes -> bytes.append("overwritten by the next batch");
          default -> batch.column(i).appendNull();
        }
      }
      batch.endRow();
    }
  }
}
