package dev.tapline.sink.jsonl.console;

import dev.tapline.sink.jsonl.encoding.RowFormat;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.sink.Capability;
import dev.tapline.spi.sink.GrowingClock;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkWriter;
import dev.tapline.spi.sink.WriterContext;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;

/// Writes the rows of all streams to standard output.
public final class ConsoleSink implements Sink {
  private final RowFormat rows;
  private final ConsoleOutput console;

  /// Creates a sink that writes to `out` and does not close it.
  public ConsoleSink(RowFormat rows, OutputStream out, GrowingClock clock) {
    this.rows = rows;
    this.console = new ConsoleOutput(out, clock);
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.SCHEMA_CHANGE, Capability.STANDARD_OUTPUT);
  }

  @Override
  public List<Finding> check(List<Stream> streams) {
    return ConsoleOutput.checkNames(streams, rows.metadata());
  }

  @Override
  public SinkWriter openWriter(WriterContext context) throws IOException {
    return new ConsoleWriter(context, rows, console);
  }
}
