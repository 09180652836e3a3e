package dev.tapline.sink.jsonl.files;

import dev.tapline.files.DataFile;
import dev.tapline.files.PartFileNames;
import dev.tapline.files.Staging;
import dev.tapline.sink.jsonl.encoding.ByteTarget;
import dev.tapline.sink.jsonl.encoding.JsonBuffer;
import dev.tapline.sink.jsonl.encoding.JsonRowEncoder;
import dev.tapline.sink.jsonl.encoding.RowFormat;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.Temporals;
import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.sink.GrowingClock;
import dev.tapline.spi.sink.SinkWriter;
import dev.tapline.spi.sink.WriterContext;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes the rows of a stream to staged files; starts another file when one has reached its size.
final class FileSinkWriter implements SinkWriter {
  private final WriterContext context;
  private final FileSinkConfig config;
  private final Staging staging;
  private final PartFileNames names;
  private final GrowingClock clock;
  private final JsonBuffer buffer = new JsonBuffer(new Files());
  private JsonRowEncoder encoder;
  private @Nullable CompressedFile current;

  FileSinkWriter(
      WriterContext context,
      FileSinkConfig config,
      Staging staging,
      PartFileNames names,
      GrowingClock clock)
      throws IOException {
    this.context = context;
    this.config = config;
    this.staging = staging;
    this.names = names;
    this.clock = clock;
    this.encoder = encoder(context.stream().schema());
  }

  @Override
  public void write(Batch batch) throws IOException {
    if (!batch.schema().equals(encoder.schema())) {
      encoder = encoder(batch.schema());
    }
    encoder.write(batch, buffer, Temporals.micros(Instant.now()));
  }

  @Override
  public List<Commit> prepare() throws IOException {
    buffer.drain();
    finishCurrent();
    return staging.prepare();
  }

  @Override
  public void close() throws IOException {
    buffer.discard();
    CompressedFile open = current;
    current = null;
    try (staging) {
      if (open != null) {
        open.close();
      }
    }
  }

  private JsonRowEncoder encoder(Schema schema) throws IOException {
    RowFormat rows = config.rows();
    String collision = rows.metadata().collision(schema).orElse("");
    if (!collision.isEmpty()) {
      throw new IOException("stream " + context.stream().name() + ": " + collision);
    }
    return new JsonRowEncoder(
        schema, rows, context.stream().destination(), context.version(), clock);
  }

  private void finishCurrent() throws IOException {
    CompressedFile open = current;
    if (open != null) {
      open.finish();
      current = null;
    }
  }

  /// Writes the buffer's bytes to the current file.
  private final class Files implements ByteTarget {
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      CompressedFile open = current;
      if (open == null) {
        DataFile file = staging.begin(names.next(context.part()));
        open = new CompressedFile(file, config.compression(), config.level());
        current = open;
      }
      open.write(bytes, offset, length);
    }

    @Override
    public void rowBoundary() throws IOException {
      CompressedFile open = current;
      if (open != null && open.bytesOnDisk() >= config.fileSize()) {
        finishCurrent();
      }
    }
  }
}
