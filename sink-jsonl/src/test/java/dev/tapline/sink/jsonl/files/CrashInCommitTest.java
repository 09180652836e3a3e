package dev.tapline.sink.jsonl.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.files.AtomicSwap;
import dev.tapline.files.FileErrors;
import dev.tapline.files.FolderPublisher;
import dev.tapline.files.Workspace;
import dev.tapline.sink.jsonl.encoding.Metadata;
import dev.tapline.sink.jsonl.encoding.RowFormat;
import dev.tapline.sink.jsonl.fixture.Streams;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.sink.Checkpoint;
import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.SinkContext;
import dev.tapline.spi.sink.SinkWriter;
import dev.tapline.spi.sink.WriteMode;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Crashes during a commit: after everything is visible and before the marker is written (a folder
/// blocks the marker's temporary file), and between two renames.
final class CrashInCommitTest {
  /// The layout, and how folders are swapped.
  enum Way {
    EXCHANGE,
    RENAMES,
    ONE_FILE
  }

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(Way.class)
  void repeatsAReplacementThatWasNotMarked(Way way) throws Exception {
    FileSink sink = sink(way);
    commit(sink, checkpoint(1, true, 1, prepare(sink, WriteMode.REPLACE, 1, 0, 3)));
    Checkpoint second = checkpoint(2, true, 2, prepare(sink, WriteMode.REPLACE, 2, 10, 14));
    failBeforeTheMarker(way, second);
    failBeforeTheMarker(way, second);
    assertThat(ids(way)).containsExactly(10, 11, 12, 13);
    commit(sink(way), second);
    assertThat(ids(way)).containsExactly(10, 11, 12, 13);
    assertNothingIsLeft(way);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void repeatsAReplacementByNothingThatWasNotMarked(Way way) throws Exception {
    FileSink sink = sink(way);
    commit(sink, checkpoint(1, true, 1, prepare(sink, WriteMode.REPLACE, 1, 0, 3)));
    Checkpoint second = checkpoint(2, true, 2, List.of());
    failBeforeTheMarker(way, second);
    commit(sink(way), second);
    assertThat(ids(way)).isEmpty();
    assertNothingIsLeft(way);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void repeatsRowsThatWereAddedAndNotMarked(Way way) throws Exception {
    FileSink sink = sink(way);
    commit(sink, checkpoint(1, false, 1, prepare(sink, WriteMode.APPEND, 1, 0, 3)));
    List<Commit> commits = new ArrayList<>(prepare(sink, WriteMode.APPEND, 1, 3, 5));
    commits.addAll(prepare(sink, WriteMode.APPEND, 1, 5, 8));
    Checkpoint second = checkpoint(2, false, 1, commits);
    failBeforeTheMarker(way, second);
    failBeforeTheMarker(way, second);
    commit(sink(way), second);
    assertThat(ids(way)).containsExactlyElementsOf(IntStream.range(0, 8).boxed().toList());
    assertNothingIsLeft(way);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void repeatsAReplacementAndWhatIsAddedToItInOneCheckpoint(Way way) throws Exception {
    FileSink sink = sink(way);
    commit(sink, checkpoint(1, true, 1, prepare(sink, WriteMode.REPLACE, 1, 0, 3)));
    List<Commit> commits = new ArrayList<>(prepare(sink, WriteMode.REPLACE, 2, 10, 12));
    commits.addAll(prepare(sink, WriteMode.APPEND, 2, 12, 14));
    Checkpoint second = checkpoint(2, true, 2, commits);
    failBeforeTheMarker(way, second);
    commit(sink(way), second);
    assertThat(ids(way)).containsExactly(10, 11, 12, 13);
    assertNothingIsLeft(way);
  }

  @Test
  void goesOnBetweenTheTwoRenames() throws Exception {
    FileSink sink = sink(Way.RENAMES);
    commit(sink, checkpoint(1, true, 1, prepare(sink, WriteMode.REPLACE, 1, 0, 3)));
    Checkpoint second = checkpoint(2, true, 2, prepare(sink, WriteMode.REPLACE, 2, 10, 12));
    Path fresh = folder.resolve(".tapline/work/shop/orders/2");
    Files.move(folder.resolve("orders"), AtomicSwap.aside(fresh));
    commit(sink(Way.RENAMES), second);
    assertThat(ids(Way.RENAMES)).containsExactly(10, 11);
    assertNothingIsLeft(Way.RENAMES);
  }

  @Test
  void exchangesFoldersInOneStepOnLinux() throws Exception {
    assertThat(AtomicSwap.best().isAtomic()).isTrue();
    // Beyond ASCII where the locale of the test run has it.
    boolean beyondAscii =
        Charset.forName(System.getProperty("sun.jnu.encoding")).newEncoder().canEncode('ö');
    Path one = Files.createDirectory(folder.resolve(beyondAscii ? "öne" : "one"));
    Path other = Files.createDirectory(folder.resolve("other"));
    Files.writeString(one.resolve("file"), "fresh");
    AtomicSwap.best().swap(one, other);
    assertThat(other.resolve("file")).hasContent("fresh");
    assertThat(one).isEmptyDirectory();
    assertThat(AtomicSwap.aside(one)).doesNotExist();
  }

  @Test
  void refusesToAddToAFileThatHasBecomeShorter() throws Exception {
    FileSink sink = sink(Way.ONE_FILE);
    commit(sink, checkpoint(1, false, 1, prepare(sink, WriteMode.APPEND, 1, 0, 3)));
    Files.writeString(folder.resolve("orders.jsonl"), "{}\n");
    Checkpoint second = checkpoint(2, false, 1, prepare(sink, WriteMode.APPEND, 1, 3, 4));
    assertThatThrownBy(() -> commit(sink(Way.ONE_FILE), second))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("orders.jsonl")
        .hasMessageContaining("has 3 bytes and had 27");
  }

  @Test
  void saysThatTheDiskIsFull() {
    Path full = Path.of("/dev/full");
    assertThatThrownBy(() -> Files.write(full, new byte[1]))
        .isInstanceOfSatisfying(
            IOException.class,
            cause ->
                assertThat(FileErrors.explain("cannot write", full, cause))
                    .hasMessage(
                        "cannot write /dev/full: no space left on the device; free some space, or"
                            + " set sink.path to a larger one"));
  }

  private void failBeforeTheMarker(Way way, Checkpoint checkpoint) throws Exception {
    Path obstacle = Files.createDirectory(folder.resolve(".tapline/shop.json.tmp"));
    try (SinkCommitter committer = sink(way).openCommitter()) {
      assertThatThrownBy(() -> committer.commit(checkpoint))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("shop.json.tmp");
    }
    Files.delete(obstacle);
  }

  private FileSink sink(Way way) {
    FileSinkConfig config =
        new FileSinkConfig(
            folder,
            way == Way.ONE_FILE,
            Compression.NONE,
            0,
            Long.MAX_VALUE,
            RowFormat.of(Metadata.NONE));
    return new FileSink(
        config,
        new SinkContext("shop"),
        way == Way.RENAMES ? AtomicSwap.byRenames() : AtomicSwap.best());
  }

  private static void commit(FileSink sink, Checkpoint checkpoint) throws Exception {
    try (SinkCommitter committer = sink.openCommitter()) {
      committer.commit(checkpoint);
    }
  }

  private static Checkpoint checkpoint(
      long number, boolean replaces, long version, List<Commit> commits) {
    List<Checkpoint.TableReplacement> replacements =
        replaces
            ? List.of(
                new Checkpoint.TableReplacement(Streams.of("orders").name(), "orders", version))
            : List.of();
    return new Checkpoint(
        number, Map.of(Streams.of("orders").name(), commits), replacements, Map.of());
  }

  private static List<Commit> prepare(
      FileSink sink, WriteMode mode, long version, int first, int end) throws Exception {
    Batch batch = new Batch(Streams.of("orders").name(), Streams.IDS, 4);
    batch.clear(0);
    for (int i = first; i < end; i++) {
      ((LongColumn) batch.column(0)).append(i);
      batch.endRow();
    }
    try (SinkWriter writer = sink.openWriter(Streams.context("orders", mode, version))) {
      writer.write(batch);
      return writer.prepare();
    }
  }

  private List<Integer> ids(Way way) throws IOException {
    List<Path> files =
        way == Way.ONE_FILE
            ? List.of(folder.resolve("orders.jsonl"))
            : Workspace.list(folder.resolve("orders")).stream()
                .filter(file -> file.toString().endsWith(".jsonl"))
                .toList();
    List<Integer> ids = new ArrayList<>();
    for (Path file : files) {
      for (String line : Files.readAllLines(file)) {
        ids.add(Integer.parseInt(line.replaceAll("\\D", "")));
      }
    }
    ids.sort(null);
    return ids;
  }

  private void assertNothingIsLeft(Way way) throws Exception {
    try (SinkCommitter committer = sink(way).openCommitter()) {
      committer.sweep();
    }
    assertThat(folder.resolve(".tapline/work")).doesNotExist();
    assertThat(Workspace.list(folder.resolve("orders")))
        .noneMatch(file -> file.endsWith(FolderPublisher.STAMP));
  }
}
