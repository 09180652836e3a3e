package dev.tapline.sink.jsonl.singer;

import dev.tapline.sink.jsonl.console.ConsoleOutput;
import dev.tapline.sink.jsonl.encoding.RowFormat;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.sink.Capability;
import dev.tapline.spi.sink.GrowingClock;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.SinkWriter;
import dev.tapline.spi.sink.WriterContext;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes Singer's messages for any Singer target: a SCHEMA before a stream's first RECORD and
/// whenever it changes, ACTIVATE_VERSION when a new version is complete, and a STATE of all streams
/// with each checkpoint. A run starts from the state that the target has written.
public final class SingerSink implements Sink {
  private static final Logger LOG = LoggerFactory.getLogger("state");

  private final RowFormat rows;
  private final ConsoleOutput console;
  private final SingerStreams streams = new SingerStreams();
  private final Optional<TargetStateFile> target;
  private final AtomicBoolean told = new AtomicBoolean();

  /// Creates a sink that writes to `out` and does not close it.
  ///
  /// @param target the file with the target's output
  public SingerSink(RowFormat rows, OutputStream out, GrowingClock clock, Optional<Path> target) {
    this.target = target.map(TargetStateFile::new);
    this.rows = rows;
    this.console = new ConsoleOutput(out, clock);
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.SCHEMA_CHANGE, Capability.STANDARD_OUTPUT, Capability.STATE);
  }

  @Override
  public List<Finding> check(List<Stream> selected) {
    List<Finding> findings = new ArrayList<>(ConsoleOutput.checkNames(selected, rows.metadata()));
    if (target.isEmpty()) {
      selected.forEach(stream -> stateless(stream).ifPresent(findings::add));
    } else {
      findings.addAll(target.get().check());
    }
    return findings;
  }

  private static Optional<Finding> stateless(Stream stream) {
    String remedy =
        "set 'target-state' to the file that the target's output is appended to, or give it method: FULL_TABLE";
    return switch (stream.method()) {
      case "FULL_TABLE" -> Optional.empty();
      case "LOG_BASED" ->
          Optional.of(
              Finding.error(
                  stream.name(),
                  "without 'target-state' nothing says how far the target has come, so each run would copy it anew, and the server would keep its log for ever",
                  remedy));
      default ->
          Optional.of(
              Finding.warning(
                  stream.name(),
                  "without 'target-state' nothing says how far the target has come, so each run begins it anew",
                  remedy));
    };
  }

  @Override
  public SinkWriter openWriter(WriterContext context) throws IOException {
    if (target.isEmpty()
        && context.stream().method().equals("INCREMENTAL")
        && told.compareAndSet(false, true)) {
      LOG.warn(
          "INCREMENTAL streams begin anew in each run, since nothing says how far the target has come: set 'target-state' to the file that the target's output is appended to");
    }
    streams.add(context);
    return new SingerWriter(context, rows, console, streams);
  }

  @Override
  public SinkCommitter openCommitter() {
    return new SingerCommitter(console, streams, rows, target);
  }
}
