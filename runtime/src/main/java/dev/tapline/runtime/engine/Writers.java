package dev.tapline.runtime.engine;

import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkWriter;
import dev.tapline.spi.sink.WriterContext;
import dev.tapline.spi.source.Read;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The writers of one attempt at a read: one for each stream that the read brings. Rows are counted
/// as the stream's progress, and taken off again when the attempt is given up.
final class Writers implements Closeable {
  private final Sink sink;
  private final Read read;
  private final Map<StreamName, StreamWork> streams;
  private final Map<StreamName, Open> open = new LinkedHashMap<>();
  private @Nullable Open last;

  Writers(Sink sink, Read read, Map<StreamName, StreamWork> streams) {
    this.sink = sink;
    this.read = read;
    this.streams = streams;
  }

  private static final class Open {
    final StreamName name;
    final SinkWriter writer;
    final StreamProgress progress;
    long rows;
    long bytes;

    Open(StreamName name, SinkWriter writer, StreamProgress progress) {
      this.name = name;
      this.writer = writer;
      this.progress = progress;
    }
  }

  /// Opens the writers of all streams: a new version of an empty table is a version too.
  void openAll() throws IOException, InterruptedException {
    for (StreamName name : streams.keySet()) {
      writerOf(name);
    }
  }

  void write(Batch batch) throws IOException, InterruptedException {
    Open current = last;
    if (current == null || !current.name.equals(batch.stream())) {
      current = writerOf(batch.stream());
      last = current;
    }
    long bytes = batch.payloadBytes();
    current.writer.write(batch);
    current.rows += batch.rows();
    current.bytes += bytes;
    current.progress.add(batch.rows(), bytes);
  }

  List<Commit> prepare() throws IOException, InterruptedException {
    List<Commit> commits = new ArrayList<>();
    for (Open writer : open.values()) {
      commits.addAll(writer.writer.prepare());
    }
    return commits;
  }

  /// What was written so far counts, whatever becomes of the attempt.
  void keep() {
    for (Open writer : open.values()) {
      writer.rows = 0;
      writer.bytes = 0;
    }
  }

  private Open writerOf(StreamName name) throws IOException, InterruptedException {
    Open known = open.get(name);
    if (known != null) {
      return known;
    }
    StreamWork work = streams.get(name);
    if (work == null) {
      throw new IOException(
          "read " + read.id() + " brought rows of " + name + ", which is not its");
    }
    SinkWriter writer =
        sink.openWriter(
            new WriterContext(work.stream(), read.mode(), work.generation(), read.id()));
    Open opened = new Open(name, writer, work.progress());
    open.put(name, opened);
    return opened;
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (Open writer : open.values()) {
      writer.progress.add(-writer.rows, -writer.bytes);
      try {
        writer.writer.close();
      } catch (IOException e) {
        failure = Failures.add(failure, e);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
