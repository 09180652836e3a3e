package dev.tapline.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.spi.Position;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.ChangeLog.Extent;
import dev.tapline.spi.source.Snapshot;
import dev.tapline.spi.source.Split;
import dev.tapline.spi.source.StaleSplitException;
import dev.tapline.spi.source.StreamException;
import dev.tapline.spi.source.StreamPosition;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What an engine does with a log, in memory: it keeps positions and copies of the tables, and
/// takes rows over only at checkpoints.
final class Follower implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMillis(500);

  final Pipeline pipeline;
  final Map<StreamName, Position> state = new HashMap<>();

  /// The tables as they were copied: key to row, or row to itself where there is no key.
  final Map<StreamName, Copy> copies = new HashMap<>();

  /// One line a change that was taken over, as `INSERT orders id=1 total=2.50`.
  final List<String> changes = new ArrayList<>();

  /// Why streams were copied anew.
  final List<String> renewals = new ArrayList<>();

  final Map<StreamName, String> failures = new LinkedHashMap<>();
  final Set<String> places = new HashSet<>();
  private final List<String> names;
  private final List<Row> open = new ArrayList<>();

  private record Row(
      StreamName stream,
      Change change,
      List<String> key,
      Map<String, String> values,
      String place) {}

  Follower(Map<String, ?> settings, String... names) {
    this.pipeline = new Pipeline(settings);
    this.names = new ArrayList<>(List.of(names));
  }

  static Follower of(String url, String... names) {
    return new Follower(Map.of("url", url, "plugin", "pgoutput"), names);
  }

  void join(String name) {
    names.add(name);
  }

  List<Stream> streams() throws IOException {
    List<Stream> streams = new ArrayList<>();
    for (String name : names) {
      streams.add(pipeline.stream(name));
    }
    return streams;
  }

  Copy copy(String name) {
    return copies.entrySet().stream()
        .filter(entry -> entry.getKey().toString().equals(name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow(() -> new AssertionError("no copy of " + name));
  }

  /// A run that ends at the end of the log.
  void run() throws IOException, InterruptedException {
    while (true) {
      try (BatchReader reader = begin(Extent.UNTIL_NOW)) {
        drain(reader);
        return;
      } catch (StaleSplitException e) {
        forget();
      }
    }
  }

  /// What comes before the log is read.
  BatchReader begin(Extent extent) throws IOException, InterruptedException {
    List<Stream> streams = streams();
    Map<StreamName, String> lost = pipeline.source.retain(resumptions(streams), List.of());
    lost.keySet().forEach(state::remove);
    renewals.addAll(lost.values());
    copy(streams.stream().filter(stream -> !state.containsKey(stream.name())).toList());
    return follow(streams, extent);
  }

  /// A run of some of the streams, after the source was told to retain them.
  void run(List<StreamName> some) throws IOException, InterruptedException {
    List<Stream> streams =
        streams().stream().filter(stream -> some.contains(stream.name())).toList();
    copy(streams.stream().filter(stream -> !state.containsKey(stream.name())).toList());
    try (BatchReader reader = follow(streams, Extent.UNTIL_NOW)) {
      drain(reader);
    }
  }

  BatchReader follow(List<Stream> streams, Extent extent) throws IOException, InterruptedException {
    return pipeline.source.open(planned(streams, extent));
  }

  /// How the log is to be read from where it was left.
  Split planned(Extent extent) throws IOException, InterruptedException {
    return planned(streams(), extent);
  }

  private Split planned(List<Stream> streams, Extent extent)
      throws IOException, InterruptedException {
    List<Split> splits = pipeline.source.follow(resumptions(streams), List.of(), extent);
    assertThat(splits).hasSize(1);
    return splits.getFirst();
  }

  private List<StreamPosition> resumptions(List<Stream> streams) {
    return streams.stream()
        .map(it -> new StreamPosition(it, state.getOrDefault(it.name(), Position.START)))
        .toList();
  }

  private void copy(List<Stream> fresh) throws IOException, InterruptedException {
    if (fresh.isEmpty()) {
      return;
    }
    try (Snapshot snapshot = pipeline.source.openSnapshot(fresh)) {
      for (Stream stream : fresh) {
        Position position = pipeline.source.positionUnder(snapshot, stream);
        copies.put(stream.name(), new Copy());
        for (Split split : pipeline.source.split(stream, snapshot, 2)) {
          pipeline.read(split, this::take);
        }
        checkpoint(Map.of(stream.name(), position));
      }
    }
  }

  void drain(BatchReader reader) throws IOException, InterruptedException {
    while (!reader.finished()) {
      step(reader);
    }
    checkpoint(reader.positions());
    reader.committed(state);
  }

  /// One batch at the most, and a checkpoint where one is possible.
  void step(BatchReader reader) throws IOException, InterruptedException {
    try {
      reader.poll(PATIENCE).ifPresent(this::take);
      Map<StreamName, Position> positions = reader.positions();
      if (!positions.isEmpty()) {
        checkpoint(positions);
        reader.committed(state);
      }
    } catch (StreamException e) {
      failures.put(e.stream(), e.getMessage());
      open.removeIf(row -> row.stream().equals(e.stream()));
    }
  }

  /// Reads until a number of changes was taken over.
  void await(BatchReader reader, int count) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (changes.size() < count) {
      assertThat(System.nanoTime()).as("changes so far: %s", changes).isLessThan(deadline);
      step(reader);
    }
  }

  private void take(Batch batch) {
    assertThat(batch.rows()).isPositive();
    for (int row = 0; row < batch.rows(); row++) {
      Map<String, String> values = new LinkedHashMap<>();
      for (int i = 0; i < batch.schema().size(); i++) {
        Column column = batch.column(i);
        values.put(
            batch.schema().fields().get(i).name(),
            column.isUnchanged(row) ? Copy.SAME : Literals.of(column, row));
      }
      open.add(
          new Row(
              batch.stream(),
              batch.change(row),
              batch.schema().key(),
              values,
              Long.toHexString(batch.commitPosition(row)) + " " + batch.index(row)));
    }
  }

  /// Gives up what was read since the last checkpoint, as a kill does.
  void forget() {
    open.clear();
  }

  private void checkpoint(Map<StreamName, Position> positions) {
    for (Row row : open) {
      if (failures.containsKey(row.stream()) || !positions.containsKey(row.stream())) {
        continue;
      }
      copies
          .computeIfAbsent(row.stream(), name -> new Copy())
          .apply(row.change(), row.key(), row.values());
      if (row.change() != Change.READ) {
        changes.add(line(row));
        assertThat(places.add(row.stream() + " " + row.place())).as(line(row)).isTrue();
      }
    }
    open.clear();
    state.putAll(positions);
  }

  private static String line(Row row) {
    StringBuilder line =
        new StringBuilder(row.change().name()).append(' ').append(row.stream().name());
    if (row.change() != Change.TRUNCATE) {
      row.values()
          .forEach((name, value) -> line.append(' ').append(name).append('=').append(value));
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    pipeline.close();
  }

  /// A table in memory.
  static final class Copy {
    static final String SAME = "<same>";

    final TreeMap<String, Map<String, String>> rows = new TreeMap<>();
    private final List<Map<String, String>> keyless = new ArrayList<>();

    void apply(Change change, List<String> key, Map<String, String> values) {
      if (change == Change.TRUNCATE) {
        rows.clear();
        keyless.clear();
        return;
      }
      if (key.isEmpty()) {
        switch (change) {
          case READ, INSERT -> keyless.add(values);
          case DELETE -> assertThat(keyless.remove(values)).as("delete of %s", values).isTrue();
          default -> throw new AssertionError("an update of a row without a key: " + values);
        }
        return;
      }
      String id = key.stream().map(values::get).toList().toString();
      switch (change) {
        case READ, INSERT ->
            assertThat(rows.put(id, new LinkedHashMap<>(values))).as("twice: %s", id).isNull();
        case DELETE -> assertThat(rows.remove(id)).as("delete of %s", id).isNotNull();
        default -> {
          Map<String, String> before = rows.get(id);
          assertThat(before).as("update of %s", id).isNotNull();
          Map<String, String> merged = new LinkedHashMap<>(values);
          merged.replaceAll((name, value) -> SAME.equals(value) ? before.get(name) : value);
          rows.put(id, merged);
        }
      }
    }

    List<String> lines() {
      List<String> lines = new ArrayList<>();
      rows.values()
          .forEach(row ->
              lines.add(String.join("|", row.values().stream().map(String::valueOf).toList())));
      keyless.forEach(
          row -> lines.add(String.join("|", row.values().stream().map(String::valueOf).toList())));
      return lines.stream().sorted().toList();
    }
  }
}
