package dev.tapline.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapline.spi.Position;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Relation;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.ChangeLog;
import dev.tapline.spi.source.ChangeLog.Extent;
import dev.tapline.spi.source.KeyScans;
import dev.tapline.spi.source.ResumePlan;
import dev.tapline.spi.source.Snapshot;
import dev.tapline.spi.source.Source;
import dev.tapline.spi.source.Split;
import dev.tapline.spi.source.StaleSplitException;
import dev.tapline.spi.source.StreamPosition;
import dev.tapline.spi.source.TableScans;
import dev.tapline.testkit.SplitReading.ReadRow;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The contract of sources, as tests: a source is right when a class that extends this one passes.
/// What a source does not implement of [TableScans], [KeyScans] and [ChangeLog] is skipped.
///
/// The extending class stands for one database, in which the kit creates tables and changes rows
/// through the methods below. JUnit creates an instance for each test; a database, a slot or
/// whatever else outlives a source belongs to one instance.
///
/// ```java
/// final class MySourceTest extends SourceContract {
///   @Override protected Source open() { return new MySource(database); }
///   @Override protected StreamName create(String table) { ... }
///   @Override protected void insert(StreamName table, long first, long end) { ... }
///   @Override protected void update(StreamName table, long id, String note) { ... }
///   @Override protected void delete(StreamName table, long id) { ... }
/// }
/// ```
public abstract class SourceContract {
  private static final int MANY = 2_000;

  /// For the class that stands for a database.
  protected SourceContract() {}

  /// A source over the test's database, with the same configuration each time. Called again it
  /// stands for another process. The kit closes it.
  protected abstract Source open() throws Exception;

  /// Creates an empty table with the columns `id`, a whole number of 64 bits and the key, and
  /// `note`, a text that may be NULL. A table of that name that is there already is dropped first.
  ///
  /// @param table lower-case letters
  /// @return what the source calls the table
  protected abstract StreamName create(String table) throws Exception;

  /// Inserts rows in one transaction.
  ///
  /// @param first the lowest `id`; the `note` of each row is the word `note`, a space and the `id`
  /// @param end one more than the highest `id`
  protected abstract void insert(StreamName table, long first, long end) throws Exception;

  /// Changes the `note` of a row in a transaction of its own.
  ///
  /// @param note the new value; null for NULL
  protected abstract void update(StreamName table, long id, @Nullable String note) throws Exception;

  /// Deletes a row in a transaction of its own.
  protected abstract void delete(StreamName table, long id) throws Exception;

  /// Removes all rows of a table at once, so that the log has one entry for all of them.
  ///
  /// @return whether there is such an entry; false where the database, or its log, has none
  protected boolean truncate(StreamName table) throws Exception {
    return false;
  }

  /// How long the source may take to bring what is there, and to end a call that is told to end.
  protected Duration patience() {
    return Duration.ofSeconds(60);
  }

  @Test
  public void discoversATable() throws Exception {
    StreamName orders = create("orders");
    insert(orders, 0, 3);
    try (Source source = open()) {
      Relation relation = relation(source, orders);
      assertThat(relation.schema().fields()).extracting("name").containsExactly("id", "note");
      assertThat(relation.schema().key()).containsExactly("id");
      assertThat(relation.hidden()).isEmpty();
    }
  }

  @Test
  public void findsNothingWrongWithATable() throws Exception {
    StreamName orders = create("orders");
    try (Source source = open()) {
      assertThat(source.check(List.of(stream(source, orders, "FULL_TABLE"))))
          .extracting(Finding::severity)
          .doesNotContain(Finding.Severity.ERROR);
    }
  }

  @Test
  public void checksATableThatIsGoneWithoutAnException() throws Exception {
    StreamName orders = create("orders");
    try (Source source = open()) {
      Stream gone = TestStreams.renamed(stream(source, orders, "FULL_TABLE"), "absent");
      assertThatCode(() -> source.check(List.of(gone))).doesNotThrowAnyException();
      assertThat(source.check(List.of(gone)))
          .as("an error of a table names its stream: Finding.error(stream.name(), ...)")
          .filteredOn(finding -> finding.severity() == Finding.Severity.ERROR)
          .allSatisfy(finding -> assertThat(finding.stream()).contains(gone.name()));
      assertThatCode(() -> source.check(List.of())).doesNotThrowAnyException();
    }
  }

  @Test
  public void bringsEachRowOfATableOnce() throws Exception {
    StreamName orders = create("orders");
    insert(orders, 0, MANY);
    update(orders, 7, null);
    try (Source source = open()) {
      TableScans scans = tableScans(source);
      Stream stream = stream(source, orders, "FULL_TABLE");
      try (Snapshot snapshot = scans.openSnapshot(List.of(stream))) {
        List<Split> splits = scans.split(stream, snapshot, 4);
        assertThat(splits).isNotEmpty().allSatisfy(split -> assertIsOf(split, orders));
        assertThat(splits).extracting(Split::id).doesNotHaveDuplicates();
        List<ReadRow> rows = readAtOnce(source, splits);
        assertThat(rows).extracting(ReadRow::change).containsOnly(Change.READ);
        assertThat(SplitReading.ids(rows)).containsExactlyInAnyOrderElementsOf(ids(0, MANY));
        assertThat(rows)
            .allSatisfy(
                row -> assertThat(row.note()).isEqualTo(row.id() == 7 ? null : "note " + row.id()));
      }
    }
  }

  @Test
  public void bringsAnEmptyTable() throws Exception {
    StreamName orders = create("orders");
    try (Source source = open()) {
      TableScans scans = tableScans(source);
      Stream stream = stream(source, orders, "FULL_TABLE");
      try (Snapshot snapshot = scans.openSnapshot(List.of(stream))) {
        List<Split> splits = scans.split(stream, snapshot, 4);
        assertThat(splits).isNotEmpty();
        assertThat(readAtOnce(source, splits)).isEmpty();
      }
    }
  }

  @Test
  public void bringsSeveralTablesAsOfOneMoment() throws Exception {
    StreamName orders = create("orders");
    StreamName lines = create("lines");
    insert(orders, 0, 5);
    insert(lines, 10, 15);
    try (Source source = open()) {
      TableScans scans = tableScans(source);
      Stream first = stream(source, orders, "FULL_TABLE");
      Stream second = stream(source, lines, "FULL_TABLE");
      try (Snapshot snapshot = scans.openSnapshot(List.of(first, second))) {
        insert(orders, 5, 9);
        update(orders, 1, "too late");
        List<Split> splits = new ArrayList<>(scans.split(first, snapshot, 2));
        delete(lines, 10);
        insert(lines, 15, 17);
        splits.addAll(scans.split(second, snapshot, 2));
        assertThat(splits).extracting(Split::id).doesNotHaveDuplicates();
        assertThat(snapshot.isOpen()).isTrue();
        List<ReadRow> rows = readAtOnce(source, splits);
        assertThat(SplitReading.ids(SplitReading.of(rows, orders)))
            .containsExactlyInAnyOrderElementsOf(ids(0, 5));
        assertThat(SplitReading.ids(SplitReading.of(rows, lines)))
            .containsExactlyInAnyOrderElementsOf(ids(10, 15));
        assertThat(rows).extracting(ReadRow::note).doesNotContain("too late");
      }
    }
  }

  @Test
  public void opensASplitThatAnotherProcessHasPlanned() throws Exception {
    StreamName orders = create("orders");
    insert(orders, 0, MANY);
    try (Source planner = open();
        Source reader = open()) {
      TableScans scans = tableScans(planner);
      Stream stream = stream(planner, orders, "FULL_TABLE");
      try (Snapshot snapshot = scans.openSnapshot(List.of(stream))) {
        insert(orders, MANY, MANY + 1);
        List<ReadRow> rows = readAtOnce(reader, scans.split(stream, snapshot, 2));
        assertThat(SplitReading.ids(rows)).containsExactlyInAnyOrderElementsOf(ids(0, MANY));
      }
    }
  }

  @Test
  public void bringsNothingElseOnceTheSnapshotIsClosed() throws Exception {
    StreamName orders = create("orders");
    insert(orders, 0, 3);
    try (Source source = open()) {
      TableScans scans = tableScans(source);
      Stream stream = stream(source, orders, "FULL_TABLE");
      Snapshot snapshot = scans.openSnapshot(List.of(stream));
      List<Split> splits = scans.split(stream, snapshot, 2);
      snapshot.close();
      assertThat(snapshot.isOpen()).isFalse();
      insert(orders, 3, 5);
      List<ReadRow> rows;
      try {
        rows = readAtOnce(source, splits);
      } catch (StaleSplitException e) {
        assertThat(e).message().isNotBlank();
        return;
      }
      assertThat(SplitReading.ids(rows)).containsExactlyInAnyOrderElementsOf(ids(0, 3));
    }
  }

  @Test
  public void offersTheKeyThatGrows() throws Exception {
    StreamName orders = create("orders");
    try (Source source = open()) {
      KeyScans scans = keyScans(source);
      Relation relation = relation(source, orders);
      assertThat(scans.keyCandidates(List.of(relation)).getOrDefault(orders, List.of()))
          .contains("id");
      assertThat(scans.problemOfKey(TestStreams.of(relation, "INCREMENTAL", "id"))).isEmpty();
    }
  }

  @Test
  public void goesOnFromTheKeyThatItWasLeftAt() throws Exception {
    StreamName orders = create("orders");
    insert(orders, 0, 10);
    Position position;
    Stream stream;
    try (Source source = open()) {
      stream = stream(source, orders, "INCREMENTAL", "id");
      position = keyNow(source, stream);
    }
    position = assertBringsAfter(stream, position, List.of());
    insert(orders, 10, 30);
    position = assertBringsAfter(stream, position, ids(10, 30));
    position = assertBringsAfter(stream, position, List.of());
    insert(orders, 30, 10 + MANY);
    position = assertBringsAfter(stream, position, ids(30, 10 + MANY));
    assertBringsAfter(stream, position, List.of());
  }

  @Test
  public void goesOnFromEachPositionOfAKey() throws Exception {
    StreamName orders = create("orders");
    insert(orders, 0, 1);
    try (Source source = open()) {
      KeyScans scans = keyScans(source);
      Stream stream = stream(source, orders, "INCREMENTAL", "id");
      Position start = keyNow(source, stream);
      insert(orders, 1, MANY);
      List<SplitReading.Place> places = new ArrayList<>();
      for (Split split : after(scans, stream, start).splits()) {
        try (BatchReader reader = source.open(split)) {
          places.addAll(reading().places(reader));
        }
      }
      for (SplitReading.Place place : SplitReading.some(places)) {
        assertThat(SplitReading.ids(read(source, after(scans, stream, place.of(orders)).splits())))
            .as("after %s", place)
            .containsExactlyElementsOf(ids(1 + place.rows(), MANY));
      }
    }
  }

  @Test
  public void asksForACopyWhenTheKeyIsAnother() throws Exception {
    StreamName orders = create("orders");
    insert(orders, 0, 3);
    try (Source source = open()) {
      KeyScans scans = keyScans(source);
      Stream stream = stream(source, orders, "INCREMENTAL", "id");
      Position position = keyNow(source, stream);
      Stream other = stream(source, orders, "INCREMENTAL", "note");
      ResumePlan plan = scans.after(List.of(new StreamPosition(other, position)));
      assertThat(plan.splits()).isEmpty();
      assertThat(plan.outdated()).containsOnlyKeys(orders);
      assertThat(plan.outdated().get(orders)).isNotBlank();
    }
  }

  @Test
  public void bringsWhatTheSnapshotHasNotSeenAndNothingElse() throws Exception {
    StreamName orders = create("orders");
    insert(orders, 0, 10);
    try (Source source = open()) {
      ChangeLog log = changeLog(source);
      Stream stream = stream(source, orders, "LOG_BASED");
      assertThat(retain(source, stream, Position.START)).isEmpty();
      insert(orders, 10, 12);
      update(orders, 0, "seen by the snapshot");
      Position position;
      List<ReadRow> copied;
      try (Snapshot snapshot = tableScans(source).openSnapshot(List.of(stream))) {
        position = log.positionUnder(snapshot, stream);
        insert(orders, 12, 14);
        update(orders, 1, "changed");
        update(orders, 2, null);
        delete(orders, 3);
        copied = read(source, tableScans(source).split(stream, snapshot, 2));
      }
      assertThat(SplitReading.ids(copied)).containsExactlyInAnyOrderElementsOf(ids(0, 12));
      assertThat(follow(source, stream, position))
          .extracting(ReadRow::text)
          .containsExactly(
              "INSERT 12 note 12",
              "INSERT 13 note 13",
              "UPDATE 1 changed",
              "UPDATE 2 null",
              "DELETE 3");
    }
  }

  @Test
  public void tellsWhereEachChangeStands() throws Exception {
    StreamName orders = create("orders");
    try (Source source = open()) {
      Stream stream = stream(source, orders, "LOG_BASED");
      Position position = begin(source, stream);
      insert(orders, 0, 50);
      update(orders, 3, "changed");
      insert(orders, 50, MANY);
      delete(orders, 4);
      List<ReadRow> rows = follow(source, stream, position);
      assertThat(rows).hasSize(MANY + 2);
      ReadRow before = null;
      Set<Long> transactions = new HashSet<>();
      for (ReadRow row : rows) {
        if (before == null || before.commitPosition() != row.commitPosition()) {
          assertThat(row.index()).as("first of %s", row).isZero();
          assertThat(transactions.add(row.transaction())).as("transaction of %s", row).isTrue();
        } else {
          assertThat(row.index()).as("%s after %s", row, before).isEqualTo(before.index() + 1);
          assertThat(row.transaction()).isEqualTo(before.transaction());
          assertThat(row.commitTime()).isEqualTo(before.commitTime());
        }
        if (before != null) {
          assertThat(row.commitPosition()).isGreaterThanOrEqualTo(before.commitPosition());
          assertThat(row.commitTime()).isGreaterThanOrEqualTo(before.commitTime());
        }
        before = row;
      }
      assertThat(transactions).hasSize(4);
    }
  }

  @Test
  public void goesOnFromEachPlaceOfTheLog() throws Exception {
    StreamName orders = create("orders");
    Stream stream;
    List<String> all;
    List<SplitReading.Place> places;
    try (Source source = open()) {
      stream = stream(source, orders, "LOG_BASED");
      Position position = begin(source, stream);
      for (long i = 0; i < 20; i++) {
        insert(orders, i * 10, i * 10 + 10);
        update(orders, i * 10, "changed");
      }
      // Rows are not acknowledged: another process must be able to read them again.
      SplitReading reading = reading();
      try (BatchReader reader = source.open(planned(source, stream, position))) {
        places = reading.places(reader);
      }
      all = reading.rows().stream().map(ReadRow::text).toList();
      assertThat(all).hasSize(220);
    }
    for (SplitReading.Place place : SplitReading.some(places)) {
      try (Source next = open()) {
        assertThat(retain(next, stream, place.of(orders))).isEmpty();
        assertThat(follow(next, stream, place.of(orders)))
            .extracting(ReadRow::text)
            .as("after %s", place)
            .containsExactlyElementsOf(all.subList(place.rows(), all.size()));
      }
    }
  }

  @Test
  public void endsAtTheEndOfTheLogAsItWasWhenTheReadWasPlanned() throws Exception {
    StreamName orders = create("orders");
    try (Source source = open()) {
      Stream stream = stream(source, orders, "LOG_BASED");
      Position position = begin(source, stream);
      SplitReading reading = reading();
      try (BatchReader reader = source.open(planned(source, stream, position))) {
        reading.toTheEnd(reader);
        assertThat(reader.poll(Duration.ZERO)).isEmpty();
        assertThat(reader.positions()).containsOnlyKeys(orders);
        reader.acknowledge(reader.positions());
        position = SplitReading.position(reader.positions(), orders);
      }
      assertThat(reading.rows()).isEmpty();
      insert(orders, 0, 3);
      assertThat(SplitReading.ids(follow(source, stream, position)))
          .containsExactlyElementsOf(ids(0, 3));
    }
  }

  @Test
  public void followsWithoutAnEnd() throws Exception {
    StreamName orders = create("orders");
    try (Source source = open()) {
      Stream stream = stream(source, orders, "LOG_BASED");
      Position position = begin(source, stream);
      try (BatchReader reader = source.open(planned(source, stream, position, Extent.CONTINUOUS))) {
        SplitReading reading = reading();
        for (int i = 0; i < 3; i++) {
          assertThat(reader.finished()).isFalse();
          insert(orders, i, i + 1);
          reading.until(reader, i + 1);
        }
        assertThat(reader.poll(Duration.ofMillis(100))).isEmpty();
        assertThat(reader.finished()).isFalse();
        assertThat(SplitReading.ids(reading.rows())).containsExactlyElementsOf(ids(0, 3));
      }
    }
  }

  @Test
  public void endsAPollSoonWhenItsReaderIsClosed() throws Exception {
    StreamName orders = create("orders");
    try (Source source = open()) {
      Stream stream = stream(source, orders, "LOG_BASED");
      Position position = begin(source, stream);
      BatchReader reader = source.open(planned(source, stream, position, Extent.CONTINUOUS));
      assertEndsSoon(reader, reader::close);
    }
  }

  @Test
  public void endsAPollSoonWhenItsSourceIsClosed() throws Exception {
    StreamName orders = create("orders");
    try (Source source = open()) {
      Stream stream = stream(source, orders, "LOG_BASED");
      Position position = begin(source, stream);
      try (BatchReader reader = source.open(planned(source, stream, position, Extent.CONTINUOUS))) {
        assertEndsSoon(reader, source::close);
      }
    }
  }

  @Test
  public void keepsWhatAStreamNeedsThatWasLeftBehind() throws Exception {
    StreamName orders = create("orders");
    StreamName lines = create("lines");
    Stream left;
    Position behind;
    try (Source source = open()) {
      Stream stream = stream(source, orders, "LOG_BASED");
      left = stream(source, lines, "LOG_BASED");
      Map<StreamName, Position> positions = begin(source, List.of(stream, left));
      behind = SplitReading.position(positions, lines);
      insert(lines, 0, 3);
      insert(orders, 0, 3);
      // A run that leaves one stream out, and acknowledges the other one to the end.
      List<StreamPosition> absent = List.of(new StreamPosition(left, behind));
      List<StreamPosition> followed =
          List.of(new StreamPosition(stream, SplitReading.position(positions, orders)));
      ChangeLog log = changeLog(source);
      assertThat(log.retain(followed, absent)).isEmpty();
      List<Split> splits = log.follow(followed, absent, Extent.UNTIL_NOW);
      List<ReadRow> rows = new ArrayList<>();
      for (Split split : splits) {
        try (BatchReader reader = source.open(split)) {
          SplitReading reading = reading();
          reading.toTheEnd(reader);
          rows.addAll(reading.rows());
          reader.acknowledge(reader.positions());
        }
      }
      assertThat(rows).extracting(ReadRow::stream).containsOnly(orders);
      assertThat(SplitReading.ids(rows)).containsExactlyElementsOf(ids(0, 3));
    }
    try (Source next = open()) {
      assertThat(retain(next, left, behind)).isEmpty();
      assertThat(SplitReading.ids(follow(next, left, behind))).containsExactlyElementsOf(ids(0, 3));
    }
  }

  @Test
  public void bringsTheChangesOfSeveralStreamsEachFromItsOwnPosition() throws Exception {
    StreamName orders = create("orders");
    StreamName lines = create("lines");
    try (Source source = open()) {
      Stream first = stream(source, orders, "LOG_BASED");
      Stream second = stream(source, lines, "LOG_BASED");
      Map<StreamName, Position> start = begin(source, List.of(first, second));
      insert(orders, 0, 3);
      insert(lines, 10, 12);
      // The first stream alone goes ahead.
      Position ahead;
      ChangeLog log = changeLog(source);
      List<StreamPosition> one =
          List.of(new StreamPosition(first, SplitReading.position(start, orders)));
      List<StreamPosition> other =
          List.of(new StreamPosition(second, SplitReading.position(start, lines)));
      try (BatchReader reader =
          source.open(SplitReading.only(log.follow(one, other, Extent.UNTIL_NOW)))) {
        reading().toTheEnd(reader);
        ahead = SplitReading.position(reader.positions(), orders);
      }
      insert(orders, 3, 5);
      insert(lines, 12, 13);
      List<StreamPosition> both =
          List.of(
              new StreamPosition(first, ahead),
              new StreamPosition(second, SplitReading.position(start, lines)));
      assertThat(log.retain(both, List.of())).isEmpty();
      List<ReadRow> rows = read(source, log.follow(both, List.of(), Extent.UNTIL_NOW));
      assertThat(SplitReading.ids(SplitReading.of(rows, orders)))
          .containsExactlyElementsOf(ids(3, 5));
      assertThat(SplitReading.ids(SplitReading.of(rows, lines)))
          .containsExactlyElementsOf(ids(10, 13));
    }
  }

  @Test
  public void asksForACopyOfATableThatIsAnother() throws Exception {
    StreamName orders = create("orders");
    Position position;
    try (Source source = open()) {
      position = begin(source, stream(source, orders, "LOG_BASED"));
      insert(orders, 0, 3);
    }
    assertThat(create("orders")).isEqualTo(orders);
    insert(orders, 0, 2);
    try (Source next = open()) {
      Map<StreamName, String> lost = retain(next, stream(next, orders, "LOG_BASED"), position);
      assertThat(lost).containsOnlyKeys(orders);
      assertThat(lost.get(orders)).isNotBlank();
    }
  }

  @Test
  public void bringsThatAllRowsWereRemoved() throws Exception {
    StreamName orders = create("orders");
    try (Source source = open()) {
      Stream stream = stream(source, orders, "LOG_BASED");
      Position position = begin(source, stream);
      insert(orders, 0, 1);
      assumeTrue(truncate(orders), "the log has no entry for the removal of all rows");
      insert(orders, 1, 2);
      assertThat(follow(source, stream, position))
          .extracting(ReadRow::text)
          .containsExactly("INSERT 0 note 0", "TRUNCATE", "INSERT 1 note 1");
    }
  }

  private static Relation relation(Source source, StreamName name) throws Exception {
    return source
        .discover()
        .find(name)
        .orElseThrow(() -> new AssertionError(name + " is not in the catalog"));
  }

  private static Stream stream(Source source, StreamName name, String method, String... key)
      throws Exception {
    return TestStreams.of(relation(source, name), method, key);
  }

  private static TableScans tableScans(Source source) {
    assumeTrue(source instanceof TableScans, "the source does not scan tables");
    return (TableScans) source;
  }

  private static KeyScans keyScans(Source source) {
    assumeTrue(source instanceof KeyScans, "the source does not read by keys");
    tableScans(source);
    return (KeyScans) source;
  }

  private static ChangeLog changeLog(Source source) {
    assumeTrue(source instanceof ChangeLog, "the source has no log of changes");
    tableScans(source);
    return (ChangeLog) source;
  }

  private static List<Long> ids(long first, long end) {
    List<Long> ids = new ArrayList<>();
    for (long id = first; id < end; id++) {
      ids.add(id);
    }
    return ids;
  }

  private static void assertIsOf(Split split, StreamName name) {
    assertThat(split.streams()).containsExactly(name);
    assertThat(split.mode()).isEqualTo(WriteMode.REPLACE);
    assertThat(split.id()).matches("[A-Za-z0-9._-]+");
  }

  private static ResumePlan after(KeyScans scans, Stream stream, Position position)
      throws Exception {
    ResumePlan plan = scans.after(List.of(new StreamPosition(stream, position)));
    assertThat(plan.outdated()).isEmpty();
    assertThat(plan.splits()).extracting(Split::mode).doesNotContain(WriteMode.REPLACE);
    return plan;
  }

  /// Where the stream is left when its table was copied as it is now.
  private static Position keyNow(Source source, Stream stream) throws Exception {
    KeyScans scans = keyScans(source);
    try (Snapshot snapshot = tableScans(source).openSnapshot(List.of(stream))) {
      return scans.keyUnder(snapshot, stream);
    }
  }

  /// @return where the stream goes on from then
  private Position assertBringsAfter(Stream stream, Position position, List<Long> ids)
      throws Exception {
    Position last = position;
    List<ReadRow> rows = new ArrayList<>();
    try (Source source = open()) {
      for (Split split : after(keyScans(source), stream, position).splits()) {
        SplitReading reading = reading();
        try (BatchReader reader = source.open(split)) {
          reading.toTheEnd(reader);
          last = reader.positions().getOrDefault(stream.name(), last);
        }
        rows.addAll(reading.rows());
      }
    }
    assertThat(SplitReading.ids(rows)).as("after %s", position).containsExactlyElementsOf(ids);
    return last;
  }

  private static Map<StreamName, String> retain(Source source, Stream stream, Position position)
      throws Exception {
    return changeLog(source).retain(List.of(new StreamPosition(stream, position)), List.of());
  }

  /// What an engine does with new streams whose tables are empty.
  private static Map<StreamName, Position> begin(Source source, List<Stream> streams)
      throws Exception {
    ChangeLog log = changeLog(source);
    List<StreamPosition> fresh =
        streams.stream().map(stream -> new StreamPosition(stream, Position.START)).toList();
    assertThat(log.retain(fresh, List.of())).isEmpty();
    Map<StreamName, Position> positions = new HashMap<>();
    try (Snapshot snapshot = tableScans(source).openSnapshot(streams)) {
      for (Stream stream : streams) {
        positions.put(stream.name(), log.positionUnder(snapshot, stream));
      }
    }
    return positions;
  }

  private static Position begin(Source source, Stream stream) throws Exception {
    return SplitReading.position(begin(source, List.of(stream)), stream.name());
  }

  private static Split planned(Source source, Stream stream, Position position) throws Exception {
    return planned(source, stream, position, Extent.UNTIL_NOW);
  }

  private static Split planned(Source source, Stream stream, Position position, Extent extent)
      throws Exception {
    Split split =
        SplitReading.only(
            changeLog(source)
                .follow(List.of(new StreamPosition(stream, position)), List.of(), extent));
    assertThat(split.mode()).isEqualTo(WriteMode.APPEND);
    return split;
  }

  private List<ReadRow> follow(Source source, Stream stream, Position position) throws Exception {
    return read(source, List.of(planned(source, stream, position)));
  }

  private List<ReadRow> read(Source source, List<Split> splits) throws Exception {
    SplitReading reading = reading();
    for (Split split : splits) {
      try (BatchReader reader = source.open(split)) {
        reading.toTheEnd(reader);
      }
    }
    return reading.rows();
  }

  private List<ReadRow> readAtOnce(Source source, List<Split> splits) throws Exception {
    List<ReadRow> rows = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(Math.max(1, splits.size()))) {
      List<Callable<List<ReadRow>>> work = new ArrayList<>();
      splits.forEach(split -> work.add(() -> read(source, List.of(split))));
      for (Future<List<ReadRow>> result : threads.invokeAll(work)) {
        try {
          rows.addAll(result.get());
        } catch (ExecutionException e) {
          if (e.getCause() instanceof IOException refused) {
            throw refused;
          }
          throw e;
        }
      }
    }
    return rows;
  }

  private SplitReading reading() {
    return new SplitReading(patience());
  }

  private interface Closing {
    void close() throws IOException;
  }

  private void assertEndsSoon(BatchReader reader, Closing closing) throws Exception {
    try (ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Future<?> polling =
          threads.submit(() -> {
            // Whether it ends with nothing or with an exception is the source's choice.
            try {
              while (!reader.finished() && reader.poll(patience().multipliedBy(10)).isPresent()) {
                assertThat(reader.finished()).isFalse();
              }
            } catch (IOException e) {
              assertThat(e).message().isNotBlank();
            }
            return null;
          });
      Thread.sleep(300);
      assertThat(polling.isDone()).as("a poll that has nothing to return waits").isFalse();
      closing.close();
      try {
        polling.get(patience().toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        polling.cancel(true);
        throw new AssertionError("a poll goes on after it was closed", e);
      }
    }
  }
}
