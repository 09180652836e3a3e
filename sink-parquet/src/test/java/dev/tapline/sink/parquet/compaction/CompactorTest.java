package dev.tapline.sink.parquet.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.sink.parquet.fixture.DuckDb;
import dev.tapline.sink.parquet.fixture.SinkFixture;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.sink.Checkpoint;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.WriteMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The compacted rows, and that compaction can be repeated after a crash.
final class CompactorTest {
  @TempDir Path folder;

  private SinkFixture fixture;

  @BeforeEach
  void prepare() {
    fixture = new SinkFixture(folder, Map.of("compact", true));
  }

  @Test
  void isTheVersionWithoutAnyChange() throws Exception {
    fixture.load(1, 1, SinkFixture.reads(0, 3));
    assertThat(fixture.compactedRows()).containsExactly("0=note 0", "1=note 1", "2=note 2");
    Object file = Files.getAttribute(fixture.files().getFirst(), "unix:ino");
    assertThat(Files.getAttribute(fixture.compacted().getFirst(), "unix:ino")).isEqualTo(file);
  }

  @Test
  void mergesChangesByKey() throws Exception {
    fixture.load(1, 1, SinkFixture.reads(0, 4));
    fixture.add(2, 1, changes());
    assertThat(fixture.compactedRows())
        .containsExactly("0=changed", "1=note 1", "3=again", "7=new");
    assertThat(fixture.files()).hasSize(2);
    fixture.load(3, 2, SinkFixture.reads(10, 12));
    assertThat(fixture.compactedRows()).containsExactly("10=note 10", "11=note 11");
  }

  /// Rows whose key is NULL are different from each other, and from a row whose key is empty.
  @ParameterizedTest
  @EnumSource(names = {"READ", "INSERT", "UPDATE", "DELETE"})
  void refusesAKeyThatIsNullBeforeItIsCommitted(Change change) {
    for (List<String> key : List.of(List.of("note"), List.of("note", "id"))) {
      Schema schema = new Schema(SinkFixture.NOTES.fields(), key);
      Batch batch = SinkFixture.batch(schema);
      SinkFixture.change(batch, change, 1, "");
      SinkFixture.change(batch, change, 1, null);
      assertThatThrownBy(() -> fixture.add(1, batch))
          .hasMessageContaining("stream public.orders: 'compact' merges rows by key")
          .hasMessageContaining("column 'note' is part of the key and has no value");
    }
  }

  @Test
  void mergesChangesOfOneCheckpointThatBuildOnEachOther() throws Exception {
    Batch batch = SinkFixture.batch(SinkFixture.NOTES);
    SinkFixture.change(batch, Change.INSERT, 1, "a");
    SinkFixture.updateWithoutNote(batch, 1);
    SinkFixture.change(batch, Change.INSERT, 2, "b");
    SinkFixture.change(batch, Change.DELETE, 2, null);
    fixture.add(1, batch);
    assertThat(fixture.compactedRows()).containsExactly("1=a");
  }

  @Test
  void aRowWhoseKeyChangesKeepsWhatTheChangeDidNotCarry() throws Exception {
    fixture.load(1, 1, SinkFixture.reads(0, 4));
    Batch batch = SinkFixture.batch(SinkFixture.NOTES);
    move(batch, 0, 10, 0);
    // Twice in one checkpoint, and one that was changed before it moved.
    move(batch, 1, 11, 2);
    move(batch, 11, 21, 4);
    SinkFixture.change(batch, Change.UPDATE, 2, "changed");
    move(batch, 2, 12, 8);
    // Onto a key whose row has gone just before.
    SinkFixture.change(batch, Change.DELETE, 10, null);
    move(batch, 3, 10, 20);
    fixture.add(2, 1, batch);
    assertThat(fixture.compactedRows()).containsExactly("10=note 3", "12=changed", "21=note 1");
  }

  /// A changed key with an unchanged note.
  private static void move(Batch batch, long from, long to, long index) {
    ((LongColumn) batch.column(0)).append(from);
    batch.column(1).appendNull();
    batch.endRow(Change.DELETE, 4712, index, 0, 0);
    ((LongColumn) batch.column(0)).append(to);
    batch.column(1).appendUnchanged();
    batch.endRow(Change.INSERT, 4712, index + 1, 0, 0);
  }

  @Test
  void forgetsEverythingAtATruncate() throws Exception {
    fixture.load(1, 1, SinkFixture.reads(0, 4));
    Batch batch = SinkFixture.batch(SinkFixture.NOTES);
    SinkFixture.change(batch, Change.INSERT, 8, "before");
    batch.column(0).appendNull();
    batch.column(1).appendNull();
    batch.endRow(Change.TRUNCATE, 4711, 1, 0, 0);
    SinkFixture.change(batch, Change.INSERT, 9, "after");
    fixture.add(2, 1, batch);
    assertThat(fixture.compactedRows()).containsExactly("9=after");
  }

  @Test
  void isNotMergedTwiceWhenACommitIsRepeatedAfterACrash() throws Exception {
    fixture.load(1, 1, SinkFixture.reads(0, 4));
    Checkpoint second;
    try (Sink sink = fixture.sink()) {
      second = SinkFixture.added(2, SinkFixture.prepare(sink, WriteMode.APPEND, 1, changes()));
    }
    failBeforeTheMarker(second);
    failBeforeTheMarker(second);
    try (Sink sink = fixture.sink()) {
      SinkFixture.commit(sink, second);
    }
    assertThat(fixture.compactedRows())
        .containsExactly("0=changed", "1=note 1", "3=again", "7=new");
    sweep();
    assertThat(folder.resolve(".tapline/work")).doesNotExist();
  }

  @Test
  void appendsKeylessRowsOnceHoweverOftenACommitIsRepeated() throws Exception {
    Schema keyless = new Schema(SinkFixture.NOTES.fields(), List.of());
    Checkpoint first;
    try (Sink sink = fixture.sink()) {
      first =
          SinkFixture.added(1, SinkFixture.prepare(sink, WriteMode.APPEND, 0, keyless(keyless)));
    }
    failBeforeTheMarker(first);
    try (Sink sink = fixture.sink()) {
      SinkFixture.commit(sink, first);
    }
    assertThat(fixture.compactedRows()).containsExactly("1=a", "1=a");
    fixture.add(2, keyless(keyless));
    assertThat(fixture.compactedRows()).containsExactly("1=a", "1=a", "1=a", "1=a");
  }

  @Test
  void catchesUpWithWhatWasAddedWhileItWasSwitchedOff() throws Exception {
    SinkFixture without = new SinkFixture(folder, Map.of());
    without.load(1, 1, SinkFixture.reads(0, 4));
    fixture.add(2, 1, changes());
    assertThat(fixture.compactedRows())
        .containsExactly("0=changed", "1=note 1", "3=again", "7=new");
    Batch missed = SinkFixture.batch(SinkFixture.NOTES);
    SinkFixture.change(missed, Change.UPDATE, 7, "missed");
    without.add(3, 1, missed);
    Batch last = SinkFixture.batch(SinkFixture.NOTES);
    SinkFixture.change(last, Change.DELETE, 0, null);
    fixture.add(4, 1, last);
    assertThat(fixture.compactedRows()).containsExactly("1=note 1", "3=again", "7=missed");
  }

  @Test
  void doesNotNeedTheFilesThatItWasMadeOf() throws Exception {
    fixture.load(1, 1, SinkFixture.reads(0, 4));
    for (Path file : fixture.files()) {
      Files.delete(file);
    }
    fixture.add(2, 1, changes());
    assertThat(fixture.compactedRows())
        .containsExactly("0=changed", "1=note 1", "3=again", "7=new");
  }

  @Test
  void rewritesOnlyFilesThatChangesTouch() throws Exception {
    SinkFixture small =
        new SinkFixture(
            folder, Map.of("compact", true, "file-size", "64KB", "row-group-size", "64KB"));
    Batch[] batches =
        IntStream.range(0, 40)
            .mapToObj(i -> SinkFixture.reads(i * 2_000, (i + 1) * 2_000))
            .toArray(Batch[]::new);
    small.load(1, 1, batches);
    List<Path> before = small.compacted();
    assertThat(before).hasSizeGreaterThan(2);
    Batch batch = SinkFixture.batch(SinkFixture.NOTES);
    SinkFixture.change(batch, Change.UPDATE, 5, "changed");
    small.add(2, 1, batch);
    assertThat(small.compacted()).containsAll(before.subList(1, before.size() - 1));
    assertThat(small.compacted()).doesNotContain(before.getFirst());
    assertThat(
            DuckDb.query(
                "SELECT count(*), count(DISTINCT id), max(CASE WHEN id = 5 THEN note END) FROM "
                    + DuckDb.table(small.compacted())))
        .containsExactly(List.of("80000", "80000", "changed"));
  }

  @Test
  void refusesChangesWithoutAKeyBeforeTheyAreCommitted() {
    Schema keyless = new Schema(SinkFixture.NOTES.fields(), List.of());
    Batch batch = SinkFixture.batch(keyless);
    SinkFixture.change(batch, Change.DELETE, 1, null);
    assertThatThrownBy(() -> fixture.add(1, batch))
        .hasMessageContaining("stream public.orders: 'compact' merges updates and deletes by key")
        .hasMessageContaining("primary-key");
  }

  @Test
  void refusesAnUpdateOfARowThatThereIsNot() throws Exception {
    Batch batch = SinkFixture.batch(SinkFixture.NOTES);
    SinkFixture.updateWithoutNote(batch, 5);
    assertThatThrownBy(() -> fixture.add(1, batch))
        .hasMessageContaining(
            "the image of 'orders': an update of the row '5' left out the column 'note'");
  }

  @Test
  void keepsWhatIsNotItsOwn() throws Exception {
    Files.createDirectories(folder.resolve("orders__current"));
    Files.writeString(folder.resolve("orders__current/notes.txt"), "mine");
    assertThatThrownBy(() -> fixture.load(1, 1, SinkFixture.reads(0, 1)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("exists and is no image of this sink");
    assertThat(folder.resolve("orders__current/notes.txt")).hasContent("mine");
  }

  private static Batch changes() {
    Batch batch = SinkFixture.batch(SinkFixture.NOTES);
    SinkFixture.change(batch, Change.UPDATE, 0, "changed");
    SinkFixture.updateWithoutNote(batch, 1);
    SinkFixture.change(batch, Change.DELETE, 2, null);
    SinkFixture.change(batch, Change.DELETE, 3, null);
    SinkFixture.change(batch, Change.INSERT, 3, "again");
    SinkFixture.change(batch, Change.INSERT, 7, "new");
    return batch;
  }

  private static Batch keyless(Schema schema) {
    Batch batch = SinkFixture.batch(schema);
    SinkFixture.change(batch, Change.INSERT, 1, "a");
    SinkFixture.change(batch, Change.INSERT, 1, "a");
    return batch;
  }

  private void failBeforeTheMarker(Checkpoint checkpoint) throws Exception {
    Path obstacle = Files.createDirectories(folder.resolve(".tapline/shop.json.tmp"));
    try (Sink sink = fixture.sink();
        SinkCommitter committer = sink.openCommitter()) {
      assertThatThrownBy(() -> committer.commit(checkpoint))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("shop.json.tmp");
    }
    Files.delete(obstacle);
  }

  private void sweep() throws Exception {
    try (Sink sink = fixture.sink();
        SinkCommitter committer = sink.openCommitter()) {
      committer.sweep();
    }
  }
}
