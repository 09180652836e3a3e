package dev.tapline.source.postgres.incremental;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.fixtures.Pipeline;
import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.Relation;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.ResumePlan;
import dev.tapline.spi.source.Snapshot;
import dev.tapline.spi.source.Split;
import dev.tapline.spi.source.StreamPosition;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/// Follows a table with a column `name` as INCREMENTAL does.
public final class KeyFollower implements AutoCloseable {
  public static final Duration PATIENCE = Duration.ofSeconds(20);

  public final Pipeline pipeline;
  public final Stream stream;
  public Position position = Position.START;

  public KeyFollower(String url, String table, String lookback, String... key) throws Exception {
    pipeline = Pipeline.at(url);
    stream = stream(pipeline.relation(table), lookback, key);
    assertThat(pipeline.source.problemOfKey(stream)).isEmpty();
  }

  public static Stream stream(Relation relation, String lookback, String... key) {
    return new Stream(
        relation.name(),
        relation.kind(),
        relation.schema(),
        relation.name().toString(),
        "INCREMENTAL",
        List.of(key),
        lookback,
        relation.estimatedRows(),
        relation.estimatedBytes());
  }

  /// The stream with the columns that its table has now.
  public Stream again() throws Exception {
    return stream(
        pipeline.relation(stream.name().toString()),
        stream.lookback(),
        stream.replicationKey().toArray(String[]::new));
  }

  /// The stream with some of its columns.
  public Stream only(String... columns) {
    List<String> wanted = List.of(columns);
    return new Stream(
        stream.name(),
        stream.kind(),
        new Schema(
            stream.schema().fields().stream()
                .filter(field -> wanted.contains(field.name()))
                .toList(),
            stream.schema().key()),
        stream.destination(),
        stream.method(),
        stream.replicationKey(),
        stream.lookback(),
        stream.estimatedRows(),
        stream.estimatedBytes());
  }

  public void copy() throws Exception {
    copy(stream);
  }

  public void copy(Stream copied) throws Exception {
    try (Snapshot snapshot = pipeline.source.openSnapshot(List.of(copied))) {
      position = pipeline.source.keyUnder(snapshot, copied);
    }
    assertThat(outdated(copied)).isEmpty();
  }

  public ResumePlan on(Stream asked) throws Exception {
    return pipeline.source.after(List.of(new StreamPosition(asked, position)));
  }

  public Collection<String> outdated(Stream asked) throws Exception {
    return on(asked).outdated().values();
  }

  /// What is said of the stream as it goes on.
  public List<String> warnings() throws Exception {
    return on(stream).doubts().getOrDefault(stream.name(), List.of());
  }

  /// The position with another entry.
  public Position with(String entry, String value) {
    TreeMap<String, String> entries = new TreeMap<>(position.entries());
    entries.put(entry, value);
    return new Position(entries);
  }

  /// The position as it would be if there were no such entries.
  public Position without(String... names) {
    TreeMap<String, String> entries = new TreeMap<>(position.entries());
    entries.keySet().removeAll(List.of(names));
    return new Position(entries);
  }

  public List<String> next() throws Exception {
    List<String> rows = new ArrayList<>();
    for (Split split : on(stream).splits()) {
      try (BatchReader reader = pipeline.source.open(split)) {
        while (!reader.finished()) {
          reader
              .poll(PATIENCE)
              .ifPresent(batch -> {
                for (int i = 0; i < batch.rows(); i++) {
                  rows.add(batch.row(i).string("name"));
                }
              });
        }
        position = reader.positions().get(stream.name());
      }
    }
    return rows;
  }

  @Override
  public void close() throws IOException {
    pipeline.close();
  }
}
