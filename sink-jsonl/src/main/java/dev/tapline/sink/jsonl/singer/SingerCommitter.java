package dev.tapline.sink.jsonl.singer;

import dev.tapline.sink.jsonl.console.ConsoleOutput;
import dev.tapline.sink.jsonl.encoding.RowFormat;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.Checkpoint;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.SinkState;
import dev.tapline.spi.sink.WriterContext;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes ACTIVATE_VERSION for complete versions, and STATE with the streams' positions. How far
/// the target has come is read from the target's state file.
final class SingerCommitter implements SinkCommitter {
  private static final Logger LOG = LoggerFactory.getLogger("state");

  private final ConsoleOutput console;
  private final SingerStreams streams;
  private final RowFormat rows;
  private final Optional<TargetStateFile> target;
  private SingerState given = new SingerState(Map.of());

  SingerCommitter(
      ConsoleOutput console,
      SingerStreams streams,
      RowFormat rows,
      Optional<TargetStateFile> target) {
    this.target = target;
    this.rows = rows;
    this.console = console;
    this.streams = streams;
  }

  @Override
  public OptionalLong lastCheckpoint() {
    return OptionalLong.empty();
  }

  @Override
  public void commit(Checkpoint checkpoint) throws IOException {
    console.write(() -> messages(checkpoint), buffer -> {});
    console.flush();
  }

  private String messages(Checkpoint checkpoint) {
    StringBuilder messages = new StringBuilder();
    for (Checkpoint.TableReplacement replacement : checkpoint.replacements()) {
      streams
          .find(replacement.stream())
          .map(WriterContext::stream)
          .filter(stream -> streams.announceFirst(stream.name(), stream.schema()))
          .ifPresent(
              stream -> messages.append(SingerMessages.schema(stream, stream.schema(), rows)));
      messages.append(SingerMessages.activateVersion(replacement));
    }
    return messages.toString();
  }

  @Override
  public SinkState readState() throws IOException {
    if (target.isPresent()) {
      given = new SingerState(target.get().read().orElse(Map.of()));
      if (!given.foreign().isEmpty()) {
        LOG.warn(
            "target-state: {} in {} was not written by Tapline: where that is the bookmark of a stream of this pipeline, the stream begins anew",
            String.join(", ", given.foreign()),
            target.get().name());
      }
    }
    return given.state();
  }

  @Override
  public String stateLocation() {
    return target.map(TargetStateFile::name).orElse("");
  }

  @Override
  public void writeState(SinkState state) throws IOException {
    Map<StreamName, String> keys = new HashMap<>(given.keys());
    keys.putAll(streams.keys());
    console.write(() -> SingerMessages.state(state, keys), buffer -> {});
    console.flush();
  }

  @Override
  public void sweep() {}

  @Override
  public void close() {}
}
