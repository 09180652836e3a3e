package dev.tapline.sink.jsonl.console;

import dev.tapline.sink.jsonl.encoding.JsonRowEncoder;
import dev.tapline.sink.jsonl.encoding.RowFormat;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.Temporals;
import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.sink.SinkWriter;
import dev.tapline.spi.sink.WriterContext;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/// Writes rows to standard output as they arrive.
final class ConsoleWriter implements SinkWriter {
  private final WriterContext context;
  private final RowFormat rows;
  private final ConsoleOutput console;
  private JsonRowEncoder encoder;

  ConsoleWriter(WriterContext context, RowFormat rows, ConsoleOutput console) throws IOException {
    this.context = context;
    this.rows = rows;
    this.console = console;
    this.encoder = encoder(context.stream().schema());
  }

  @Override
  public void write(Batch batch) throws IOException {
    if (!batch.schema().equals(encoder.schema())) {
      encoder = encoder(batch.schema());
    }
    console.write(
        () -> "", buffer -> encoder.write(batch, buffer, Temporals.micros(Instant.now())));
  }

  @Override
  public List<Commit> prepare() throws IOException {
    console.flush();
    return List.of();
  }

  @Override
  public void close() {}

  private JsonRowEncoder encoder(Schema schema) throws IOException {
    return console.encoder(context, schema, rows);
  }
}
