package dev.tapline.engine.run;

import dev.tapline.spi.Position;
import dev.tapline.spi.TransientException;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.Catalog;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Relation;
import dev.tapline.spi.catalog.RelationKind;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.ChangeLog;
import dev.tapline.spi.source.ReplicationSlots;
import dev.tapline.spi.source.Slot;
import dev.tapline.spi.source.Snapshot;
import dev.tapline.spi.source.Source;
import dev.tapline.spi.source.Split;
import dev.tapline.spi.source.StaleSplitException;
import dev.tapline.spi.source.StreamPosition;
import dev.tapline.spi.source.TableScans;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Tables of one number each, in memory, whose reads can be made to fail. A scan takes two splits
/// of batches of 10 rows. What follows is in the [#log].
public final class FakeSource implements Source, TableScans, ChangeLog, ReplicationSlots {
  static final Schema SCHEMA =
      new Schema(List.of(Field.of("id", DataType.Scalar.INT64, "bigint")), List.of("id"));

  /// What happens before the batch that begins at row `at` of a read is returned.
  interface Trouble {
    void before(Split split, long at) throws IOException, InterruptedException;
  }

  public final Map<StreamName, Long> tables = new LinkedHashMap<>();
  final List<Position> acknowledged = java.util.Collections.synchronizedList(new ArrayList<>());
  final Map<StreamName, RelationKind> kinds = new LinkedHashMap<>();
  final List<Finding> findings = new ArrayList<>();
  public final Set<StreamName> unreadable = ConcurrentHashMap.newKeySet();
  public final FakeLog log = new FakeLog();
  public final AtomicInteger snapshots = new AtomicInteger();
  public final AtomicInteger openSnapshots = new AtomicInteger();
  private final Set<Integer> open = ConcurrentHashMap.newKeySet();
  volatile Trouble trouble = (split, at) -> {};
  public volatile Runnable onClose = () -> {};

  public FakeSource table(String name, long rows) {
    tables.put(name(name), rows);
    return this;
  }

  public static StreamName name(String table) {
    return new StreamName("shop", "public", table);
  }

  /// Fails the first so many times.
  static Trouble times(int times, Trouble trouble) {
    AtomicInteger left = new AtomicInteger(times);
    return (split, at) -> {
      if (left.getAndDecrement() > 0) {
        trouble.before(split, at);
      }
    };
  }

  static void cut(Split split, long at) throws TransientException {
    throw new TransientException("the connection was cut at row " + at + " of " + split.id(), null);
  }

  @Override
  public Catalog discover() {
    return new Catalog(
        tables.entrySet().stream()
            .map(table ->
                new Relation(
                    table.getKey(),
                    kinds.getOrDefault(table.getKey(), RelationKind.TABLE),
                    SCHEMA,
                    List.of(),
                    table.getValue(),
                    -1,
                    ""))
            .toList(),
        findings);
  }

  @Override
  public List<Finding> check(List<Stream> streams) {
    return List.of();
  }

  @Override
  public Snapshot openSnapshot(Collection<Stream> streams) {
    openSnapshots.incrementAndGet();
    FakeSnapshot snapshot = new FakeSnapshot(snapshots.incrementAndGet());
    open.add(snapshot.number);
    return snapshot;
  }

  private final class FakeSnapshot implements Snapshot {
    private final int number;

    FakeSnapshot(int number) {
      this.number = number;
    }

    @Override
    public boolean isOpen() {
      return open.contains(number);
    }

    @Override
    public void close() {
      open.remove(number);
      openSnapshots.decrementAndGet();
    }
  }

  @Override
  public List<Split> split(Stream stream, Snapshot snapshot, int parallelism) throws IOException {
    if (unreadable.contains(stream.name())) {
      throw new IOException("there is no way to read " + stream.name().name());
    }
    long rows = tables.get(stream.name());
    return List.of(
        split(stream, "a", WriteMode.REPLACE, 0, rows / 2, snapshot),
        split(stream, "b", WriteMode.REPLACE, rows / 2, rows, snapshot));
  }

  @Override
  public Map<StreamName, String> retain(List<StreamPosition> streams, List<StreamPosition> absent)
      throws IOException, InterruptedException {
    return log.retain(streams, absent);
  }

  @Override
  public Position positionUnder(Snapshot snapshot, Stream stream) {
    return log.positionUnder(snapshot, stream);
  }

  @Override
  public List<Split> follow(
      List<StreamPosition> streams, List<StreamPosition> absent, Extent extent) {
    return log.follow(streams, absent, extent);
  }

  @Override
  public List<Slot> slots() {
    return List.of(
        new Slot(
            "tapline_shop",
            "shop",
            "pgoutput",
            true,
            OptionalLong.empty(),
            "0/16B3748",
            OptionalLong.of(4_096),
            "reserved",
            ""));
  }

  @Override
  public void dropSlot(String name) throws IOException {
    throw new IOException("slot '" + name + "' stays");
  }

  /// Reads that bring the same numbers as the tables, one batch of 10 at a time, each of which can
  /// be resumed.
  List<Split> tail(List<StreamPosition> streams) {
    return streams.stream()
        .map(streamPosition ->
            split(
                    streamPosition.stream(),
                    "log",
                    WriteMode.APPEND,
                    0,
                    tables.get(streamPosition.stream().name()),
                    null)
                .from(Map.of(streamPosition.stream().name(), streamPosition.position())))
        .toList();
  }

  private static Split split(
      Stream stream, String part, WriteMode mode, long from, long to, Snapshot snapshot) {
    return Split.of(
        (stream.name().database().equals("shop") ? "" : stream.name().database() + ".")
            + stream.name().name()
            + "-"
            + part,
        stream.name(),
        Position.START,
        mode,
        "rows",
        Map.of(
            "from",
            "" + from,
            "to",
            "" + to,
            "snapshot",
            snapshot instanceof FakeSnapshot fake ? "" + fake.number : ""));
  }

  @Override
  public BatchReader open(Split split) throws StaleSplitException {
    if (split.mode() == WriteMode.REPLACE
        && !open.contains(Integer.parseInt(split.arguments().get("snapshot")))) {
      throw new StaleSplitException("the snapshot is gone", null);
    }
    return split.kind().equals("log") ? log.open(split) : new Reader(split);
  }

  @Override
  public void close() {}

  private final class Reader implements BatchReader {
    private final Split split;
    private final Batch batch;
    private final long to;
    private long next;

    Reader(Split split) {
      this.split = split;
      this.batch = new Batch(split.streams().getFirst(), SCHEMA, 10);
      this.to = Long.parseLong(split.arguments().get("to"));
      Position position = split.from().get(batch.stream());
      this.next =
          position.isStart()
              ? Long.parseLong(split.arguments().get("from"))
              : Long.parseLong(position.entries().get("row"));
    }

    @Override
    public Optional<Batch> poll(Duration timeout) throws IOException, InterruptedException {
      trouble.before(split, next);
      if (finished()) {
        return Optional.empty();
      }
      batch.clear(0);
      for (int i = 0; i < 10 && next < to; i++, next++) {
        ((LongColumn) batch.column(0)).append(next);
        if (split.mode() == WriteMode.APPEND) {
          batch.endRow(Change.INSERT, next, 0, 0, next);
        } else {
          batch.endRow();
        }
      }
      return Optional.of(batch);
    }

    @Override
    public boolean finished() {
      return next >= to;
    }

    @Override
    public Map<StreamName, Position> positions() {
      return split.mode() == WriteMode.APPEND
          ? Map.of(batch.stream(), Position.of("row", "" + next))
          : Map.of();
    }

    @Override
    public void acknowledge(Map<StreamName, Position> durable) {
      acknowledged.add(durable.get(batch.stream()));
    }

    @Override
    public void close() {
      onClose.run();
    }
  }
}
