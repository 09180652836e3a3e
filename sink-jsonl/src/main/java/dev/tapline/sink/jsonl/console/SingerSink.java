package dev.tapline.sink.jsonl.console;

import dev.tapline.sink.jsonl.encode.RowFormat;
import dev.tapline.spi.Finding;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.sink.Capability;
import dev.tapline.spi.sink.GrowingClock;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.SinkWriter;
import dev.tapline.spi.sink.WriterContext;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;

/// Writes Singer's messages, for any Singer target to read: a SCHEMA before a stream's first RECORD
/// and whenever it changes, ACTIVATE_VERSION once a new version is complete, and a STATE with each
/// checkpoint.
public final class SingerSink implements Sink {
  private final RowFormat rows;
  private final Console console;
  private final SingerStreams streams = new SingerStreams();

  /// A sink that writes to `out`, which it does not close.
  public SingerSink(RowFormat rows, OutputStream out, GrowingClock clock) {
    this.rows = rows;
    this.console = new Console(out, clock);
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.SCHEMA_CHANGE, Capability.STANDARD_OUTPUT);
  }

  @Override
  public List<Finding> check(List<Stream> selected) {
    return Console.checkNames(selected, rows.metadata());
  }

  @Override
  public SinkWriter openWriter(WriterContext context) throws IOException {
    streams.add(context);
    return new SingerWriter(context, rows, console, streams);
  }

  @Override
  public SinkCommitter openCommitter() {
    return new SingerCommitter(console, streams, rows);
  }
}
