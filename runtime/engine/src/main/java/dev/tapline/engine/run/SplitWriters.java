package dev.tapline.engine.run;

import dev.tapline.engine.StreamProgress;
import dev.tapline.engine.failure.Failures;
import dev.tapline.engine.plan.StreamWork;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkWriter;
import dev.tapline.spi.sink.WriterContext;
import dev.tapline.spi.source.Split;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The writers of one attempt at a split: one for each stream that the split brings. Rows are
/// counted as the stream's progress, and taken off again when the attempt is given up.
final class SplitWriters implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger("run");

  private final Sink sink;
  private final Split split;
  private final Map<StreamName, StreamWork> streams;
  private final Map<StreamName, Open> open = new LinkedHashMap<>();
  private final Map<StreamName, Schema> seen = new HashMap<>();
  private @Nullable Open last;

  SplitWriters(Sink sink, Split split, Map<StreamName, StreamWork> streams) {
    this.sink = sink;
    this.split = split;
    this.streams = streams;
  }

  private static final class Open {
    final StreamName name;
    final SinkWriter writer;
    final StreamProgress progress;
    final Schema schema;
    long rows;
    long bytes;
    boolean idle;

    Open(StreamWork work, SinkWriter writer) {
      this.name = work.stream().name();
      this.writer = writer;
      this.progress = work.progress();
      this.schema = work.stream().schema();
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
    noticeSchema(current, batch.schema());
    long bytes = batch.payloadBytes();
    current.writer.write(batch);
    current.rows += batch.rows();
    current.bytes += bytes;
    current.progress.add(batch.rows(), bytes);
  }

  // Rows that were written before are not changed by it: a new column is missing in them.
  private void noticeSchema(Open writer, Schema schema) {
    @Nullable Schema before = seen.get(writer.name);
    if (schema.equals(before)) {
      return;
    }
    seen.put(writer.name, schema);
    // A log may bring fewer columns than are selected, from the beginning; the source tells of
    // that.
    boolean same =
        before == null
            ? columns(writer.schema).entrySet().containsAll(columns(schema).entrySet())
            : columns(schema).equals(columns(before));
    if (!same) {
      LOG.warn(
          "stream {}: its columns are now ({}); rows that were written before stay as they are, until 'runtime reset' has the stream copied anew",
          writer.progress.label(),
          text(schema));
    }
  }

  /// What the writers of all streams have since the last time.
  List<Commit> prepareAll() throws IOException, InterruptedException {
    List<Commit> commits = new ArrayList<>();
    for (Open writer : open.values()) {
      commits.addAll(writer.writer.prepare());
    }
    return commits;
  }

  /// What the writer of one stream has since the last time.
  List<Commit> prepare(StreamName name) throws IOException, InterruptedException {
    Open writer = open.get(name);
    return writer == null || writer.rows == 0 ? List.of() : writer.writer.prepare();
  }

  /// Refuses rows of other columns than those that the writer was opened for.
  void requireSchema(Batch batch) throws IOException, InterruptedException {
    Open writer = writerOf(batch.stream());
    if (!columns(batch.schema()).equals(columns(writer.schema))) {
      throw new IOException(
          "its columns have changed from (%s) to (%s), which this sink cannot follow; load it anew with 'runtime reset'"
              .formatted(text(writer.schema), text(batch.schema())));
    }
  }

  private static Map<String, DataType> columns(Schema schema) {
    Map<String, DataType> columns = new LinkedHashMap<>();
    schema.fields().forEach(field -> columns.put(field.name(), field.type()));
    return columns;
  }

  private static String text(Schema schema) {
    return schema.fields().stream()
        .map(field -> field.name() + " " + field.sourceType())
        .collect(Collectors.joining(", "));
  }

  /// What was written so far counts, whatever becomes of the attempt.
  void keep() {
    for (Open writer : open.values()) {
      writer.idle = writer.rows == 0;
      writer.rows = 0;
      writer.bytes = 0;
    }
  }

  /// Closes the writers that had no row between the last two calls of [#keep()], so that a log of
  /// very many streams does not keep a writer for each.
  void closeIdle() throws IOException {
    Iterator<Open> each = open.values().iterator();
    while (each.hasNext()) {
      Open writer = each.next();
      if (writer.idle) {
        each.remove();
        forget(writer);
        writer.writer.close();
      }
    }
  }

  /// Gives up what one stream has had since the last [#keep()].
  void giveUp(StreamName name) throws IOException {
    Open writer = open.remove(name);
    if (writer != null) {
      forget(writer);
      writer.progress.add(-writer.rows, -writer.bytes);
      writer.writer.close();
    }
  }

  private void forget(Open writer) {
    if (last == writer) {
      last = null;
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
          "read " + split.id() + " brought rows of " + name + ", which is not one of its streams");
    }
    SinkWriter writer =
        sink.openWriter(new WriterContext(work.stream(), split.mode(), work.version(), split.id()));
    Open opened = new Open(work, writer);
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
