package dev.tapline.testkit;

import static dev.tapline.testkit.Attempt.checkpoint;
import static dev.tapline.testkit.Attempt.replacement;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.sink.Capability;
import dev.tapline.spi.sink.Checkpoint;
import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.sink.GrowingClock;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkContext;
import dev.tapline.spi.sink.SinkWriter;
import dev.tapline.spi.sink.WriteMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The contract of sinks, as tests: a sink is right when a class that extends this one passes. What
/// [Sink#capabilities()] promises is held to; what it does not promise is skipped.
///
/// The extending class stands for one destination that is empty before each test. JUnit makes an
/// instance for each, so a `@TempDir` is all that a sink of files needs:
///
/// ```java
/// final class MySinkTest extends SinkContract {
///   @TempDir Path folder;
///
///   @Override protected Sink open(SinkContext context) { return new MySink(folder); }
///   @Override protected List<Map<String, Object>> read(Stream stream) { ... }
///   @Override protected List<String> leftovers() { ... }
/// }
/// ```
public abstract class SinkContract {
  /// For the class that stands for a destination.
  protected SinkContract() {}

  /// A sink over the test's destination, of the same pipeline each time. Called again it stands for
  /// another process: sinks that were opened before, and were not closed, have been killed.
  ///
  /// @param context the pipeline 'shop', and its clock
  protected abstract Sink open(SinkContext context) throws Exception;

  /// What anybody sees in the destination of a stream now: its rows, in any order, with the values
  /// in [canonical][Canonical] form; no row when there is no such destination.
  ///
  /// @param stream the destination's name and the types of the values; columns that the destination
  ///   has beyond these are to be returned too
  protected abstract List<Map<String, @Nullable Object>> read(Stream stream) throws Exception;

  /// Names of what is in the destination and is neither data that [#read] returns nor what the sink
  /// keeps for good: temporary files, staging tables. Empty when there is nothing.
  protected abstract List<String> leftovers() throws Exception;

  /// Whether a reader who takes the destination's files in the order of their names, as [#read]
  /// then does, finds the rows in the order in which they were written.
  protected boolean isReadByName() {
    return false;
  }

  private final Stream stream = TestStreams.stream("orders", TestStreams.SIMPLE);

  @Test
  public void findsNothingWrongWithAnEmptyDestination() throws Exception {
    try (Sink sink = open()) {
      assertThat(sink.check(List.of(stream)))
          .extracting(Finding::severity)
          .doesNotContain(Finding.Severity.ERROR);
    }
    assertThat(leftovers()).isEmpty();
    assertThat(read(stream)).isEmpty();
  }

  @Test
  public void writesEveryValueOfEveryType() throws Exception {
    Stream types = TestStreams.stream("types", Samples.SCHEMA);
    Batch batch = new Batch(types.name(), types.schema(), 4);
    batch.clear(0);
    Samples.fill(batch);
    Expectation expected = expectation(batch);
    try (Attempt run = attempt()) {
      run.commit(checkpoint(1, types, run.prepare(types, WriteMode.APPEND, 1, batch)));
      assertShows(types, expected);
    }
  }

  @Test
  public void writesEveryChange() throws Exception {
    Batch changes = new Batch(stream.name(), TestStreams.SIMPLE, 4);
    changes.clear(0);
    TestStreams.change(changes, Change.INSERT, 1, "first");
    TestStreams.change(changes, Change.INSERT, 2, "second");
    TestStreams.change(changes, Change.UPDATE, 1, "changed");
    TestStreams.updateWithoutText(changes, 1);
    TestStreams.changeToNull(changes, Change.UPDATE, 2);
    TestStreams.updateWithoutText(changes, 2);
    TestStreams.change(changes, Change.INSERT, 3, "third");
    TestStreams.changeToNull(changes, Change.DELETE, 3);
    Expectation expected = expectation(changes);
    try (Attempt run = attempt()) {
      run.commit(checkpoint(1, run.prepare(stream, WriteMode.APPEND, 1, changes)));
      assertShows(stream, expected);
    }
  }

  @Test
  public void writesATruncateBetweenInserts() throws Exception {
    Batch changes = new Batch(stream.name(), TestStreams.SIMPLE, 4);
    changes.clear(0);
    TestStreams.change(changes, Change.INSERT, 1, "before");
    TestStreams.truncate(changes);
    TestStreams.change(changes, Change.INSERT, 2, "after");
    Batch earlier = TestStreams.reads(stream, 10, 12);
    Expectation expected = expectation(earlier, changes);
    try (Attempt run = attempt()) {
      run.commit(checkpoint(1, run.prepare(stream, WriteMode.APPEND, 1, earlier)));
      run.commit(checkpoint(2, run.prepare(stream, WriteMode.APPEND, 1, changes)));
      assertShows(stream, expected);
    }
  }

  @Test
  public void appliesAnUnchangedValueToARowOfAnEarlierCheckpoint() throws Exception {
    Batch insert = new Batch(stream.name(), TestStreams.SIMPLE, 4);
    insert.clear(0);
    TestStreams.change(insert, Change.INSERT, 1, "kept");
    Batch update = new Batch(stream.name(), TestStreams.SIMPLE, 4);
    update.clear(0);
    TestStreams.updateWithoutText(update, 1);
    Expectation expected = expectation(insert, update);
    try (Attempt run = attempt()) {
      run.commit(checkpoint(1, run.prepare(stream, WriteMode.APPEND, 1, insert)));
      run.commit(checkpoint(2, run.prepare(stream, WriteMode.APPEND, 1, update)));
      assertShows(stream, expected);
    }
  }

  // More files than ten within one instant: their names must not be ordered by a number's digits.
  @Test
  public void namesFilesInTheOrderOfRunsWhateverTheMachinesClockSays() throws Exception {
    assumeTrue(isReadByName());
    Instant noon = Instant.parse("2026-07-01T12:00:00Z");
    AtomicReference<Instant> machine = new AtomicReference<>(noon);
    long last = 0;
    int files = 0;
    for (String now :
        List.of(
            "2026-07-01T12:00:00Z",
            "2026-07-01T11:00:00Z",
            "2026-07-01T11:00:00Z",
            "2026-06-30T11:59:59Z")) {
      GrowingClock clock = new GrowingClock(machine::get, last);
      try (Attempt run = new Attempt(open(new SinkContext("shop", clock)))) {
        for (int i = 0; i < 12; i++) {
          Batch update = new Batch(stream.name(), TestStreams.SIMPLE, 4);
          update.clear(0);
          TestStreams.change(update, Change.UPDATE, 1, Integer.toString(files));
          files++;
          run.commit(checkpoint(files, run.prepare(stream, WriteMode.APPEND, 1, update)));
          machine.set(Instant.parse(now));
        }
      }
      last = clock.last();
    }
    assertThat(read(stream))
        .extracting(row -> row.get("note"))
        .containsExactlyElementsOf(
            IntStream.range(0, files).<Object>mapToObj(Integer::toString).toList());
  }

  @Test
  public void keepsNothingOfABatchThatItHasGivenBack() throws Exception {
    Batch first = TestStreams.reads(stream, 0, 100);
    Batch second = TestStreams.reads(stream, 100, 150);
    Expectation expected = expectation(first, second);
    try (Attempt run = attempt()) {
      run.commit(checkpoint(1, run.prepare(stream, WriteMode.APPEND, 1, first, second)));
      assertShows(stream, expected);
    }
  }

  @Test
  public void goesOnAfterPrepare() throws Exception {
    Expectation expected = expectation(TestStreams.reads(stream, 0, 9));
    try (Attempt run = attempt()) {
      SinkWriter writer = run.writer(stream, WriteMode.APPEND, 1, "0");
      Attempt.write(writer, TestStreams.reads(stream, 0, 3));
      run.commit(checkpoint(1, writer.prepare()));
      Attempt.write(writer, TestStreams.reads(stream, 3, 6));
      List<Commit> second = writer.prepare();
      Attempt.write(writer, TestStreams.reads(stream, 6, 9));
      run.commit(checkpoint(2, second));
      run.commit(checkpoint(3, writer.prepare()));
      writer.close();
      assertShows(stream, expected);
    }
  }

  @Test
  public void takesAnotherSchemaInTheMiddle() throws Exception {
    assumeCan(Capability.SCHEMA_CHANGE);
    Stream wider = TestStreams.stream("orders", TestStreams.WIDER);
    Batch before = TestStreams.reads(stream, 0, 2);
    Batch after = new Batch(stream.name(), TestStreams.WIDER, 4);
    after.clear(0);
    TestStreams.change(after, Change.READ, 2, "wider");
    Batch last = TestStreams.reads(stream, 3, 5);
    Expectation expected = expectation(before, after, last);
    try (Attempt run = attempt()) {
      run.commit(checkpoint(1, run.prepare(stream, WriteMode.APPEND, 1, before, after, last)));
      assertThat(withoutNulls(read(wider)))
          .containsExactlyInAnyOrderElementsOf(withoutNulls(expected.rows()));
    }
  }

  @Test
  public void takesRowsOfOneStreamFromSeveralWritersAtOnce() throws Exception {
    int writers = 4;
    Expectation expected = expectation(TestStreams.reads(stream, 0, writers * 500));
    try (Attempt run = attempt();
        ExecutorService threads = Executors.newFixedThreadPool(writers)) {
      List<Callable<List<Commit>>> work = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        int part = i;
        work.add(() -> writePart(run, part));
      }
      List<Commit> commits = new ArrayList<>();
      for (Future<List<Commit>> result : threads.invokeAll(work)) {
        commits.addAll(result.get());
      }
      run.commit(checkpoint(1, commits));
      assertShows(stream, expected);
    }
  }

  @Test
  public void keepsStreamsApart() throws Exception {
    Stream other = TestStreams.stream("Order lines", TestStreams.SIMPLE);
    try (Attempt run = attempt()) {
      List<Commit> commits = new ArrayList<>();
      commits.addAll(run.prepare(stream, WriteMode.APPEND, 1, TestStreams.reads(stream, 0, 3)));
      commits.addAll(run.prepare(other, WriteMode.APPEND, 1, TestStreams.reads(other, 3, 7)));
      run.commit(checkpoint(1, commits));
      assertShows(stream, expectation(TestStreams.reads(stream, 0, 3)));
      assertShows(other, expectation(TestStreams.reads(other, 3, 7)));
    }
  }

  @Test
  public void preparesNothingWhereNothingWasWritten() throws Exception {
    try (Attempt run = attempt()) {
      run.commit(checkpoint(1, run.prepare(stream, WriteMode.APPEND, 1)));
      assertThat(read(stream)).isEmpty();
    }
    assertThat(leftovers()).isEmpty();
  }

  @Test
  public void showsNothingBeforeTheCommit() throws Exception {
    assumeCan(Capability.EXACTLY_ONCE);
    try (Attempt run = attempt()) {
      SinkWriter writer = run.writer(stream, WriteMode.APPEND, 1, "0");
      Attempt.write(writer, TestStreams.reads(stream, 0, 5000));
      assertThat(read(stream)).isEmpty();
      List<Commit> commits = writer.prepare();
      assertThat(read(stream)).isEmpty();
      writer.close();
      assertThat(read(stream)).isEmpty();
      run.commit(checkpoint(1, commits));
      assertShows(stream, expectation(TestStreams.reads(stream, 0, 5000)));
    }
    assertThat(leftovers()).isEmpty();
  }

  @Test
  public void givesUpWhatWasNotPrepared() throws Exception {
    assumeCan(Capability.EXACTLY_ONCE);
    try (Attempt run = attempt()) {
      SinkWriter writer = run.writer(stream, WriteMode.APPEND, 1, "0");
      Attempt.write(writer, TestStreams.reads(stream, 0, 3));
      List<Commit> prepared = writer.prepare();
      Attempt.write(writer, TestStreams.reads(stream, 3, 5000));
      writer.close();
      run.commit(checkpoint(1, prepared));
      assertShows(stream, expectation(TestStreams.reads(stream, 0, 3)));
    }
    assertThat(leftovers()).isEmpty();
  }

  @Test
  public void keepsTheOldVersionUntilTheNewOneIsComplete() throws Exception {
    assumeCan(Capability.REPLACE);
    try (Attempt run = attempt()) {
      load(run, 1, 1, 0, 3);
      assertShows(stream, expectation(TestStreams.reads(stream, 0, 3)));
      List<Commit> first = prepareLoad(run, 2, 10, 12);
      assertShows(stream, expectation(TestStreams.reads(stream, 0, 3)));
      run.commit(checkpoint(2, first));
      assertShows(stream, expectation(TestStreams.reads(stream, 0, 3)));
      List<Commit> second = prepareLoad(run, 2, 12, 15);
      run.commit(checkpoint(3, second, replacement(stream, 2)));
      assertShows(stream, expectation(TestStreams.reads(stream, 10, 15)));
      load(run, 4, 3, 20, 21);
      assertShows(stream, expectation(TestStreams.reads(stream, 20, 21)));
    }
    assertThat(leftovers()).isEmpty();
  }

  @Test
  public void replacesByNothing() throws Exception {
    assumeCan(Capability.REPLACE);
    try (Attempt run = attempt()) {
      run.commit(checkpoint(1, prepareLoad(run, 1, 0, 0), replacement(stream, 1)));
      assertThat(read(stream)).isEmpty();
      load(run, 2, 2, 0, 3);
      run.commit(checkpoint(3, prepareLoad(run, 3, 0, 0), replacement(stream, 3)));
      assertThat(read(stream)).isEmpty();
    }
    assertThat(leftovers()).isEmpty();
  }

  @Test
  public void addsToAVersionThatHasReplacedAnother() throws Exception {
    assumeCan(Capability.REPLACE);
    try (Attempt run = attempt()) {
      load(run, 1, 1, 0, 3);
      load(run, 2, 2, 10, 12);
      run.commit(
          checkpoint(
              3, run.prepare(stream, WriteMode.APPEND, 2, TestStreams.reads(stream, 12, 14))));
      assertShows(stream, expectation(TestStreams.reads(stream, 10, 14)));
    }
  }

  @Test
  public void forgetsWhatAKilledRunHasWritten() throws Exception {
    assumeCan(Capability.EXACTLY_ONCE);
    Attempt killed = attempt();
    SinkWriter writer = killed.writer(stream, WriteMode.APPEND, 1, "0");
    Attempt.write(writer, TestStreams.reads(stream, 0, 5000));
    beginAgain();
  }

  @Test
  public void forgetsWhatAKilledRunHasPreparedAndNotKept() throws Exception {
    assumeCan(Capability.EXACTLY_ONCE);
    Attempt killed = attempt();
    SinkWriter writer = killed.writer(stream, WriteMode.APPEND, 1, "0");
    Attempt.write(writer, TestStreams.reads(stream, 0, 5000));
    assertThat(writer.prepare()).isNotEmpty();
    beginAgain();
  }

  @Test
  public void forgetsAVersionThatAKilledRunHasBegun() throws Exception {
    assumeCan(Capability.EXACTLY_ONCE);
    assumeCan(Capability.REPLACE);
    try (Attempt run = attempt()) {
      load(run, 1, 1, 0, 3);
    }
    Attempt killed = attempt();
    SinkWriter writer = killed.writer(stream, WriteMode.REPLACE, 2, "0");
    Attempt.write(writer, TestStreams.reads(stream, 10, 5000));
    assertThat(writer.prepare()).isNotEmpty();
    try (Attempt next = attempt()) {
      next.committer().sweep();
      assertThat(leftovers()).isEmpty();
      assertShows(stream, expectation(TestStreams.reads(stream, 0, 3)));
      load(next, 2, 3, 20, 22);
      assertShows(stream, expectation(TestStreams.reads(stream, 20, 22)));
    }
    assertThat(leftovers()).isEmpty();
  }

  @Test
  public void commitsWhatAKilledRunHasPreparedAndKept() throws Exception {
    assumeCan(Capability.EXACTLY_ONCE);
    Attempt killed = attempt();
    SinkWriter writer = killed.writer(stream, WriteMode.APPEND, 1, "0");
    Attempt.write(writer, TestStreams.reads(stream, 0, 5000));
    Checkpoint kept = checkpoint(1, stream, writer.prepare());
    Attempt.write(writer, TestStreams.reads(stream, 5000, 6000));
    try (Attempt next = attempt()) {
      next.commit(kept);
      next.committer().sweep();
      assertShows(stream, expectation(TestStreams.reads(stream, 0, 5000)));
      assertThat(next.committer().lastCheckpoint()).hasValue(1);
    }
    assertThat(leftovers()).isEmpty();
  }

  @Test
  public void commitsACheckpointOnceHoweverOftenItIsRepeated() throws Exception {
    assumeCan(Capability.EXACTLY_ONCE);
    Attempt killed = attempt();
    killed.commit(
        checkpoint(
            1, killed.prepare(stream, WriteMode.APPEND, 1, TestStreams.reads(stream, 0, 2))));
    Checkpoint kept =
        checkpoint(2, killed.prepare(stream, WriteMode.APPEND, 1, TestStreams.reads(stream, 2, 5)));
    killed.commit(kept);
    killed.commit(kept);
    assertShows(stream, expectation(TestStreams.reads(stream, 0, 5)));
    try (Attempt next = attempt()) {
      next.commit(kept);
      next.committer().sweep();
      assertShows(stream, expectation(TestStreams.reads(stream, 0, 5)));
      assertThat(leftovers()).isEmpty();
      next.commit(
          checkpoint(
              3, next.prepare(stream, WriteMode.APPEND, 1, TestStreams.reads(stream, 5, 6))));
      assertShows(stream, expectation(TestStreams.reads(stream, 0, 6)));
    }
  }

  @Test
  public void replacesOnceHoweverOftenItIsRepeated() throws Exception {
    assumeCan(Capability.EXACTLY_ONCE);
    assumeCan(Capability.REPLACE);
    Attempt killed = attempt();
    load(killed, 1, 1, 0, 3);
    Checkpoint kept = checkpoint(2, prepareLoad(killed, 2, 10, 14), replacement(stream, 2));
    killed.commit(kept);
    killed.commit(kept);
    assertShows(stream, expectation(TestStreams.reads(stream, 10, 14)));
    try (Attempt next = attempt()) {
      next.commit(kept);
      next.commit(kept);
      next.committer().sweep();
      assertShows(stream, expectation(TestStreams.reads(stream, 10, 14)));
    }
    assertThat(leftovers()).isEmpty();
  }

  @Test
  public void remembersTheLastCheckpoint() throws Exception {
    assumeCan(Capability.EXACTLY_ONCE);
    try (Attempt run = attempt()) {
      assertThat(run.committer().lastCheckpoint()).isEmpty();
      run.commit(
          checkpoint(7, run.prepare(stream, WriteMode.APPEND, 1, TestStreams.reads(stream, 0, 1))));
      assertThat(run.committer().lastCheckpoint()).hasValue(7);
      run.commit(checkpoint(8, List.of()));
    }
    try (Attempt next = attempt()) {
      assertThat(next.committer().lastCheckpoint()).hasValue(8);
    }
  }

  private void beginAgain() throws Exception {
    try (Attempt next = attempt()) {
      assertThat(next.committer().lastCheckpoint()).isEmpty();
      next.committer().sweep();
      assertThat(read(stream)).isEmpty();
      assertThat(leftovers()).isEmpty();
      next.commit(
          checkpoint(
              1, next.prepare(stream, WriteMode.APPEND, 1, TestStreams.reads(stream, 0, 5000))));
      assertShows(stream, expectation(TestStreams.reads(stream, 0, 5000)));
    }
  }

  private List<Commit> writePart(Attempt run, int part) throws Exception {
    try (SinkWriter writer = run.writer(stream, WriteMode.APPEND, 1, "part-" + part)) {
      for (int i = 0; i < 5; i++) {
        int first = part * 500 + i * 100;
        Attempt.write(writer, TestStreams.reads(stream, first, first + 100));
      }
      return writer.prepare();
    }
  }

  private List<Commit> prepareLoad(Attempt run, long version, int first, int end) throws Exception {
    return run.prepare(stream, WriteMode.REPLACE, version, TestStreams.reads(stream, first, end));
  }

  private void load(Attempt run, long number, long version, int first, int end) throws Exception {
    run.commit(
        checkpoint(number, prepareLoad(run, version, first, end), replacement(stream, version)));
  }

  private Sink open() throws Exception {
    return open(new SinkContext("shop"));
  }

  private Attempt attempt() throws Exception {
    return new Attempt(open());
  }

  private Set<Capability> capabilities() throws Exception {
    try (Sink sink = open()) {
      return sink.capabilities();
    }
  }

  private void assumeCan(Capability capability) throws Exception {
    assumeTrue(
        capabilities().contains(capability), () -> "the sink does not promise " + capability);
  }

  private Expectation expectation(Batch... batches) throws Exception {
    Expectation expected = new Expectation(capabilities());
    for (Batch batch : batches) {
      expected.add(batch);
    }
    return expected;
  }

  private void assertShows(Stream shown, Expectation expected) throws Exception {
    List<Map<String, @Nullable Object>> found = Expectation.normalized(read(shown));
    List<Map<String, @Nullable Object>> wanted = expected.rows();
    // Counted and not compared pair by pair: there are thousands.
    Map<Object, Long> surplus = new HashMap<>();
    found.forEach(row -> surplus.merge(row, 1L, Long::sum));
    wanted.forEach(row -> surplus.merge(row, -1L, Long::sum));
    surplus.values().removeIf(count -> count == 0);
    assertThat(surplus)
        .as("rows that are there too often (> 0) or not often enough (< 0)")
        .isEmpty();
    assertThat(found).hasSameSizeAs(wanted);
  }

  // A row from before a column was added may show it as NULL or not at all.
  private static List<Map<String, @Nullable Object>> withoutNulls(
      List<Map<String, @Nullable Object>> rows) {
    List<Map<String, @Nullable Object>> cut = new ArrayList<>();
    for (Map<String, @Nullable Object> row : rows) {
      Map<String, @Nullable Object> values = new HashMap<>(row);
      values.values().removeIf(value -> value == null);
      cut.add(values);
    }
    return cut;
  }
}
