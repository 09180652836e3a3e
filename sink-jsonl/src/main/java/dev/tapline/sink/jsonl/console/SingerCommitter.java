package dev.tapline.sink.jsonl.console;

import dev.tapline.sink.jsonl.encode.RowFormat;
import dev.tapline.spi.sink.Checkpoint;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.WriterContext;
import java.io.IOException;
import java.util.OptionalLong;

/// Tells the target what is complete. Standard output remembers nothing: how far the target has
/// come is the target's to say.
final class SingerCommitter implements SinkCommitter {
  private final Console console;
  private final SingerStreams streams;
  private final RowFormat rows;

  SingerCommitter(Console console, SingerStreams streams, RowFormat rows) {
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
    for (Checkpoint.Replacement replacement : checkpoint.replacements()) {
      streams
          .find(replacement.stream())
          .map(WriterContext::stream)
          .filter(stream -> streams.announceFirst(stream.name(), stream.schema()))
          .ifPresent(
              stream -> messages.append(SingerMessages.schema(stream, stream.schema(), rows)));
      messages.append(SingerMessages.activateVersion(replacement));
    }
    return messages.append(SingerMessages.state(checkpoint.positions(), streams)).toString();
  }

  @Override
  public void sweep() {}

  @Override
  public void close() {}
}
