package dev.tapline.sink.jsonl.singer;

import dev.tapline.sink.jsonl.console.ConsoleOutput;
import dev.tapline.sink.jsonl.encoding.JsonRowEncoder;
import dev.tapline.sink.jsonl.encoding.RowFormat;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.Temporals;
import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.sink.SinkWriter;
import dev.tapline.spi.sink.WriterContext;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/// Writes rows as Singer's RECORD messages, after the SCHEMA.
final class SingerWriter implements SinkWriter {
  private final WriterContext context;
  private final RowFormat rows;
  private final ConsoleOutput console;
  private final SingerStreams streams;
  private JsonRowEncoder encoder;

  SingerWriter(WriterContext context, RowFormat rows, ConsoleOutput console, SingerStreams streams)
      throws IOException {
    this.context = context;
    this.rows = rows;
    this.console = console;
    this.streams = streams;
    this.encoder = encoder(context.stream().schema());
  }

  private JsonRowEncoder encoder(Schema schema) throws IOException {
    JsonRowEncoder made = console.encoder(context, schema, rows);
    made.leaveNullsOutOfDeletes();
    return made;
  }

  @Override
  public void write(Batch batch) throws IOException {
    refuseUnsayable(batch);
    if (!batch.schema().equals(encoder.schema())) {
      encoder = encoder(batch.schema());
    }
    Stream stream = context.stream();
    encoder.frame(
        SingerMessages.recordStart(stream.destination()),
        SingerMessages.recordEnd(context.version(), batch.extractedAt()));
    long now = Temporals.micros(Instant.now());
    console.write(
        () ->
            streams.announce(stream.name(), batch.schema())
                ? SingerMessages.schema(stream, batch.schema(), rows)
                : "",
        buffer -> encoder.write(batch, buffer, now));
  }

  @Override
  public List<Commit> prepare() throws IOException {
    console.flush();
    return List.of();
  }

  @Override
  public void close() {}

  private void refuseUnsayable(Batch batch) throws IOException {
    boolean partial = batch.columns().stream().anyMatch(Column::hasUnchanged);
    for (int row = 0; !batch.onlyReads() && row < batch.rows(); row++) {
      if (batch.change(row) == Change.TRUNCATE) {
        throw unsayable(batch, "was truncated", "");
      }
      if (partial && batch.change(row) == Change.INSERT && lacks(batch, row)) {
        throw unsayable(
            batch,
            "has a row whose key was changed and whose large value (TOAST) was not, so that the log has no value for its new key",
            "; REPLICA IDENTITY FULL has the log carry such values");
      }
    }
  }

  private static boolean lacks(Batch batch, int row) {
    return batch.columns().stream().anyMatch(column -> column.isUnchanged(row));
  }

  private IOException unsayable(Batch batch, String what, String prevention) {
    return new IOException(
        "stream %s %s, which Singer's format has no message for; to load it anew, remove its bookmark '%s' from the target's state%s"
            .formatted(batch.stream(), what, context.stream().destination(), prevention));
  }
}
