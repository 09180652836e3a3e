package dev.tapline.testkit;

import dev.tapline.spi.Position;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.Catalog;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Relation;
import dev.tapline.spi.catalog.RelationKind;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.ChangeLog;
import dev.tapline.spi.source.KeyScans;
import dev.tapline.spi.source.ResumePlan;
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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A source whose database is in memory: the smallest that keeps every promise. The faults make it
/// break one of them, to prove that the kit notices.
final class MemorySource implements Source, TableScans, KeyScans, ChangeLog {
  /// Ways to be wrong.
  enum Fault {
    NONE(""),
    HIDES_THE_KEY("discoversATable"),
    WARNS_TOO_LOUDLY("findsNothingWrongWithATable"),
    THROWS_WHAT_IT_FINDS("checksATableThatIsGoneWithoutAnException"),
    LOSES_A_RANGE("bringsEachRowOfATableOnce"),
    BRINGS_A_ROW_TWICE("bringsEachRowOfATableOnce"),
    TAKES_NULL_FOR_EMPTY("bringsEachRowOfATableOnce"),
    PLANS_NOTHING_FOR_AN_EMPTY_TABLE("bringsAnEmptyTable"),
    READS_WHAT_IS_THERE_NOW("bringsSeveralTablesAsOfOneMoment"),
    KEEPS_PLANS_TO_ITSELF("opensASplitThatAnotherProcessHasPlanned"),
    READS_ON_WITHOUT_ITS_SNAPSHOT("bringsNothingElseOnceTheSnapshotIsClosed"),
    OFFERS_NO_KEY("offersTheKeyThatGrows"),
    BRINGS_THE_LAST_KEY_AGAIN("goesOnFromTheKeyThatItWasLeftAt"),
    KEY_POSITION_RUNS_AHEAD("goesOnFromEachPositionOfAKey"),
    FORGETS_WHICH_KEY("asksForACopyWhenTheKeyIsAnother"),
    LOG_OVERLAPS_THE_SNAPSHOT("bringsWhatTheSnapshotHasNotSeenAndNothingElse"),
    LOG_BEGINS_AFTER_THE_SCAN("bringsWhatTheSnapshotHasNotSeenAndNothingElse"),
    NUMBERS_CHANGES_WITHOUT_AN_END("tellsWhereEachChangeStands"),
    SKIPS_THE_REST_OF_A_TRANSACTION("goesOnFromEachPlaceOfTheLog"),
    FORGETS_WHERE_IT_ENDED("endsAtTheEndOfTheLogAsItWasWhenTheReadWasPlanned"),
    FINISHES_AT_ONCE("followsWithoutAnEnd"),
    WAITS_THOUGH_CLOSED("endsAPollSoonWhenItsReaderIsClosed"),
    LEAVES_READERS_OPEN("endsAPollSoonWhenItsSourceIsClosed"),
    DROPS_WHAT_OTHERS_NEED("keepsWhatAStreamNeedsThatWasLeftBehind"),
    BEGINS_ALL_AT_ONE_PLACE("bringsTheChangesOfSeveralStreamsEachFromItsOwnPosition"),
    KNOWS_TABLES_BY_NAME("asksForACopyOfATableThatIsAnother"),
    LOSES_TRUNCATE("bringsThatAllRowsWereRemoved");

    final String test;

    /// @param test the one that must notice
    Fault(String test) {
      this.test = test;
    }
  }

  /// A change in the log.
  record Entry(
      StreamName stream, Change change, long id, @Nullable String note, long commit, long index) {}

  record Table(long number, SortedMap<Long, Optional<String>> rows) {
    Table copy() {
      return new Table(number, new TreeMap<>(rows));
    }
  }

  record State(Map<StreamName, Table> tables, int end) {}

  /// What outlives a process.
  static final class Database {
    final Map<StreamName, Table> tables = new TreeMap<>();
    final Map<String, State> snapshots = new HashMap<>();
    final List<Entry> log = new ArrayList<>();
    private long numbers;
    private int dropped;

    synchronized StreamName create(String name) {
      StreamName stream = new StreamName("kit", "public", name);
      tables.put(stream, new Table(++numbers, new TreeMap<>()));
      return stream;
    }

    /// One transaction.
    synchronized void change(
        StreamName stream, Change change, long first, long end, @Nullable String note) {
      long commit = ++numbers;
      SortedMap<Long, Optional<String>> rows = tables.get(stream).rows();
      for (long id = first; id < end; id++) {
        String value = change == Change.INSERT ? "note " + id : note;
        switch (change) {
          case DELETE -> rows.remove(id);
          case TRUNCATE -> rows.clear();
          default -> rows.put(id, Optional.ofNullable(value));
        }
        log.add(new Entry(stream, change, id, value, commit, id - first));
      }
      notifyAll();
    }

    synchronized State state() {
      Map<StreamName, Table> copy = new TreeMap<>();
      tables.forEach((name, table) -> copy.put(name, table.copy()));
      return new State(copy, log.size());
    }
  }

  private static final String SCAN = "scan";
  private static final String KEY_SCAN = "key";
  private static final String LOG = "log";
  private static final String TABLE = "table";
  private static final int BATCH = 100;

  private final Database database;
  private final Fault fault;
  private final Map<String, Split> plans = new HashMap<>();
  private final List<Reader> readers = new ArrayList<>();

  MemorySource(Database database, Fault fault) {
    this.database = database;
    this.fault = fault;
  }

  @Override
  public Catalog discover() {
    synchronized (database) {
      return new Catalog(
          database.tables.keySet().stream()
              .map(name ->
                  new Relation(
                      name,
                      RelationKind.TABLE,
                      fault == Fault.HIDES_THE_KEY
                          ? new Schema(TestStreams.SIMPLE.fields(), List.of())
                          : TestStreams.SIMPLE,
                      List.of(),
                      -1,
                      -1,
                      ""))
              .toList(),
          List.of());
    }
  }

  @Override
  public List<Finding> check(List<Stream> streams) {
    List<Finding> findings = new ArrayList<>();
    for (Stream stream : streams) {
      if (database.tables.containsKey(stream.name()) && fault != Fault.WARNS_TOO_LOUDLY) {
        continue;
      }
      if (fault == Fault.THROWS_WHAT_IT_FINDS) {
        throw new IllegalArgumentException("no table " + stream.name());
      }
      findings.add(
          new Finding(
              Finding.Severity.ERROR,
              new Finding.OfStream(stream.name()),
              "no such table",
              "create it"));
    }
    return findings;
  }

  @Override
  public Snapshot openSnapshot(Collection<Stream> streams) {
    String id = "moment-" + System.nanoTime();
    synchronized (database) {
      database.snapshots.put(id, database.state());
    }
    return new Moment(id);
  }

  private final class Moment implements Snapshot {
    private final String id;

    Moment(String id) {
      this.id = id;
    }

    @Override
    public boolean isOpen() {
      return database.snapshots.containsKey(id);
    }

    @Override
    public void close() {
      synchronized (database) {
        database.snapshots.remove(id);
      }
    }

    State state() {
      return database.snapshots.get(id);
    }
  }

  @Override
  public List<Split> split(Stream stream, Snapshot snapshot, int parallelism) {
    SortedMap<Long, Optional<String>> rows =
        ((Moment) snapshot).state().tables().get(stream.name()).rows();
    long end = rows.isEmpty() ? 0 : rows.lastKey() + 1;
    List<Split> splits = new ArrayList<>();
    for (int i = 0; i < parallelism; i++) {
      long first = end * i / parallelism;
      long next = end * (i + 1) / parallelism + (fault == Fault.BRINGS_A_ROW_TWICE ? 1 : 0);
      Split split =
          Split.of(
              stream.name().name() + "-" + i,
              stream.name(),
              Position.START,
              WriteMode.REPLACE,
              SCAN,
              Map.of(
                  "snapshot",
                  ((Moment) snapshot).id,
                  "first",
                  Long.toString(first),
                  "end",
                  Long.toString(next)));
      if (fault != Fault.LOSES_A_RANGE || i != 1) {
        splits.add(split);
      }
      plans.put(split.id(), split);
    }
    return fault == Fault.PLANS_NOTHING_FOR_AN_EMPTY_TABLE && end == 0 ? List.of() : splits;
  }

  @Override
  public String problemOfKey(Stream stream) {
    return "";
  }

  @Override
  public Map<StreamName, List<String>> keyCandidates(Collection<Relation> relations) {
    return fault == Fault.OFFERS_NO_KEY
        ? Map.of()
        : relations.stream().collect(Collectors.toMap(Relation::name, relation -> List.of("id")));
  }

  @Override
  public List<String> blindSpots(List<Stream> streams) {
    return List.of();
  }

  @Override
  public Position keyUnder(Snapshot snapshot, Stream stream) {
    SortedMap<Long, Optional<String>> rows =
        ((Moment) snapshot).state().tables().get(stream.name()).rows();
    return keyPosition(stream.replicationKey().getFirst(), rows.isEmpty() ? -1 : rows.lastKey());
  }

  private static Position keyPosition(String key, long id) {
    return Position.of(Map.of(Position.KEYS, key, Position.KEY + key, Long.toString(id)));
  }

  private static long idOf(Position position) {
    return Long.parseLong(position.entries().getOrDefault(Position.KEY + "id", "-1"));
  }

  @Override
  public ResumePlan after(List<StreamPosition> streams) {
    List<Split> splits = new ArrayList<>();
    Map<StreamName, String> outdated = new HashMap<>();
    for (StreamPosition left : streams) {
      StreamName name = left.stream().name();
      String key = left.stream().replicationKey().getFirst();
      if (!key.equals(left.position().entries().get(Position.KEYS))
          && fault != Fault.FORGETS_WHICH_KEY) {
        outdated.put(name, "it was left by another key");
        continue;
      }
      splits.add(
          Split.of(
              name.name(), name, left.position(), WriteMode.APPEND, KEY_SCAN, Map.of("key", key)));
    }
    return new ResumePlan(splits, outdated, Map.of());
  }

  @Override
  public Map<StreamName, String> retain(List<StreamPosition> streams, List<StreamPosition> absent) {
    Map<StreamName, String> lost = new HashMap<>();
    for (StreamPosition left : streams) {
      String number = left.position().entries().get(TABLE);
      StreamName name = left.stream().name();
      if (number != null
          && Long.parseLong(number) != database.tables.get(name).number()
          && fault != Fault.KNOWS_TABLES_BY_NAME) {
        lost.put(name, "the table was made anew");
      }
    }
    return lost;
  }

  @Override
  public Position positionUnder(Snapshot snapshot, Stream stream) {
    int end = ((Moment) snapshot).state().end();
    return logPosition(
        stream.name(), fault == Fault.LOG_OVERLAPS_THE_SNAPSHOT ? Math.max(0, end - 1) : end);
  }

  private Position logPosition(StreamName stream, int entry) {
    return Position.of(
        Map.of(
            Position.LSN,
            Integer.toString(entry),
            TABLE,
            Long.toString(database.tables.get(stream).number())));
  }

  private static int entryOf(Position position) {
    return Integer.parseInt(position.entries().getOrDefault(Position.LSN, "0"));
  }

  @Override
  public List<Split> follow(
      List<StreamPosition> streams, List<StreamPosition> absent, Extent extent) {
    synchronized (database) {
      Map<StreamName, Position> from = new LinkedHashMap<>();
      streams.forEach(left -> from.put(left.stream().name(), left.position()));
      int end = database.log.size();
      if (fault == Fault.LOG_BEGINS_AFTER_THE_SCAN) {
        from.replaceAll((name, position) -> logPosition(name, end));
      }
      if (fault == Fault.BEGINS_ALL_AT_ONE_PLACE) {
        int least = from.values().stream().mapToInt(MemorySource::entryOf).min().orElse(0);
        from.replaceAll((name, position) -> logPosition(name, least));
      }
      return List.of(
          new Split(
              LOG,
              from,
              WriteMode.APPEND,
              LOG,
              extent == Extent.UNTIL_NOW || fault == Fault.FINISHES_AT_ONCE
                  ? Map.of("end", Integer.toString(end))
                  : Map.of()));
    }
  }

  @Override
  public BatchReader open(Split split) throws IOException {
    if (fault == Fault.KEEPS_PLANS_TO_ITSELF
        && split.kind().equals(SCAN)
        && !plans.containsKey(split.id())) {
      throw new IOException("no plan " + split.id());
    }
    Reader reader =
        split.kind().equals(LOG) ? new LogReader(split) : new RowsReader(split, rowsOf(split));
    synchronized (readers) {
      readers.add(reader);
    }
    return reader;
  }

  private SortedMap<Long, Optional<String>> rowsOf(Split split) throws StaleSplitException {
    StreamName stream = split.streams().getFirst();
    synchronized (database) {
      if (split.kind().equals(KEY_SCAN)) {
        long after = idOf(split.from().get(stream));
        return new TreeMap<>(
            database
                .tables
                .get(stream)
                .rows()
                .tailMap(fault == Fault.BRINGS_THE_LAST_KEY_AGAIN ? after : after + 1));
      }
      State state = database.snapshots.get(split.argument("snapshot"));
      if (fault == Fault.READS_WHAT_IS_THERE_NOW
          || state == null && fault == Fault.READS_ON_WITHOUT_ITS_SNAPSHOT) {
        return new TreeMap<>(database.tables.get(stream).rows());
      }
      if (state == null) {
        throw new StaleSplitException("the snapshot is closed", null);
      }
      long first = Long.parseLong(split.argument("first"));
      long end = Long.parseLong(split.argument("end"));
      return new TreeMap<>(state.tables().get(stream).rows().subMap(first, Math.max(first, end)));
    }
  }

  @Override
  public void close() throws IOException {
    if (fault == Fault.LEAVES_READERS_OPEN) {
      return;
    }
    synchronized (readers) {
      for (Reader reader : readers) {
        reader.close();
      }
    }
  }

  private abstract class Reader implements BatchReader {
    final Split split;
    final Map<StreamName, Batch> batches = new HashMap<>();
    volatile boolean closed;

    Reader(Split split) {
      this.split = split;
    }

    Batch batch(StreamName stream) {
      Batch batch =
          batches.computeIfAbsent(stream, name -> new Batch(name, TestStreams.SIMPLE, BATCH));
      batch.clear(0);
      return batch;
    }

    void append(Batch batch, long id, @Nullable String note) {
      ((LongColumn) batch.column(0)).append(id);
      if (note != null) {
        ((BytesColumn) batch.column(1)).append(note);
      } else if (fault == Fault.TAKES_NULL_FOR_EMPTY) {
        ((BytesColumn) batch.column(1)).append("");
      } else {
        batch.column(1).appendNull();
      }
    }

    @Override
    public void close() {
      if (fault == Fault.WAITS_THOUGH_CLOSED) {
        return;
      }
      closed = true;
      synchronized (database) {
        database.notifyAll();
      }
    }
  }

  private final class RowsReader extends Reader {
    private final SortedMap<Long, Optional<String>> rows;
    private final StreamName stream;
    private long last;
    private boolean finished;

    RowsReader(Split split, SortedMap<Long, Optional<String>> rows) {
      super(split);
      this.rows = rows;
      this.stream = split.streams().getFirst();
      this.last = idOf(split.from().get(stream));
    }

    @Override
    public Optional<Batch> poll(Duration timeout) throws IOException {
      if (closed) {
        throw new IOException("the reader is closed");
      }
      if (rows.isEmpty()) {
        finished = true;
        return Optional.empty();
      }
      Batch batch = batch(stream);
      while (batch.rows() < BATCH && !rows.isEmpty()) {
        last = rows.firstKey();
        append(batch, last, rows.remove(last).orElse(null));
        batch.endRow();
      }
      return Optional.of(batch);
    }

    @Override
    public boolean finished() {
      return finished;
    }

    @Override
    public Map<StreamName, Position> positions() {
      if (split.kind().equals(SCAN)) {
        return finished ? split.from() : Map.of();
      }
      boolean ahead = fault == Fault.KEY_POSITION_RUNS_AHEAD && !rows.isEmpty();
      return Map.of(stream, keyPosition("id", ahead ? rows.lastKey() : last));
    }
  }

  private final class LogReader extends Reader {
    private final int end;
    private int next;

    LogReader(Split split) {
      super(split);
      this.end = Integer.parseInt(split.arguments().getOrDefault("end", "2147483647"));
      this.next = split.from().values().stream().mapToInt(MemorySource::entryOf).min().orElse(0);
    }

    @Override
    public Optional<Batch> poll(Duration timeout) throws IOException, InterruptedException {
      long deadline = System.nanoTime() + timeout.toNanos();
      synchronized (database) {
        while (!closed && !finished()) {
          if (next < database.log.size()) {
            Entry entry = database.log.get(next);
            if (isWanted(entry)) {
              return Optional.of(rows(entry.stream()));
            }
            next++;
            continue;
          }
          long left = deadline - System.nanoTime();
          if (left <= 0) {
            return Optional.empty();
          }
          database.wait(1 + left / 1_000_000);
        }
      }
      if (closed) {
        throw new IOException("the reader is closed");
      }
      return Optional.empty();
    }

    private boolean isWanted(Entry entry) {
      Position from = split.from().get(entry.stream());
      return from != null
          && next >= Math.max(entryOf(from), database.dropped)
          && (entry.change() != Change.TRUNCATE || fault != Fault.LOSES_TRUNCATE);
    }

    // Seven do not divide the kit's transactions, so that batches end within some.
    private Batch rows(StreamName stream) {
      Batch batch = batch(stream);
      while (batch.rows() < 7 && next < Math.min(end, database.log.size())) {
        Entry entry = database.log.get(next);
        if (!entry.stream().equals(stream) || !isWanted(entry)) {
          break;
        }
        if (entry.change() == Change.TRUNCATE) {
          batch.columns().forEach(column -> column.appendNull());
        } else {
          append(batch, entry.id(), entry.note());
        }
        long index = fault == Fault.NUMBERS_CHANGES_WITHOUT_AN_END ? next : entry.index();
        batch.endRow(entry.change(), entry.commit(), index, entry.commit(), entry.commit());
        next++;
      }
      return batch;
    }

    @Override
    public boolean finished() {
      return next >= end;
    }

    @Override
    public Map<StreamName, Position> positions() {
      synchronized (database) {
        int entry = next;
        boolean within =
            next > 0
                && next < database.log.size()
                && database.log.get(next - 1).commit() == database.log.get(next).commit();
        if (within && fault == Fault.SKIPS_THE_REST_OF_A_TRANSACTION) {
          long commit = database.log.get(next).commit();
          while (entry < database.log.size() && database.log.get(entry).commit() == commit) {
            entry++;
          }
        } else if (within) {
          return Map.of();
        }
        if (fault == Fault.FORGETS_WHERE_IT_ENDED && finished()) {
          return Map.of();
        }
        Map<StreamName, Position> positions = new HashMap<>();
        for (StreamName stream : split.streams()) {
          positions.put(
              stream, logPosition(stream, Math.max(entry, entryOf(split.from().get(stream)))));
        }
        return positions;
      }
    }

    @Override
    public void acknowledge(Map<StreamName, Position> durable) {
      if (fault == Fault.DROPS_WHAT_OTHERS_NEED) {
        database.dropped =
            durable.values().stream().mapToInt(MemorySource::entryOf).max().orElse(0);
      }
    }
  }
}
