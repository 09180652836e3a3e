package dev.tapline.sink.jsonl.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.files.AtomicSwap;
import dev.tapline.files.FileCommitter;
import dev.tapline.files.FileForm;
import dev.tapline.files.FolderPublisher;
import dev.tapline.files.Marker;
import dev.tapline.files.PreparedFile;
import dev.tapline.files.Publisher;
import dev.tapline.files.Workspace;
import dev.tapline.sink.jsonl.encoding.Metadata;
import dev.tapline.sink.jsonl.encoding.RowFormat;
import dev.tapline.sink.jsonl.fixture.Streams;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.sink.Checkpoint;
import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.SinkContext;
import dev.tapline.spi.sink.SinkWriter;
import dev.tapline.spi.sink.WriteMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// `layout` and `compression` change between runs: a destination has one form at a time.
final class ChangeOfFormTest {
  private static final FileForm FOLDER = Compression.NONE.form(false);
  private static final FileForm FILE = Compression.NONE.form(true);
  private static final FileForm GZIP_FOLDER = Compression.GZIP.form(false);
  private static final FileForm GZIP_FILE = Compression.GZIP.form(true);

  @TempDir Path folder;

  /// Where a commit crashes.
  private interface Crash {
    void afterPlacing() throws IOException;
  }

  static Stream<Arguments> changes() {
    List<FileForm> forms = List.of(FOLDER, FILE, GZIP_FOLDER, GZIP_FILE);
    return forms.stream()
        .flatMap(from ->
            forms.stream().filter(to -> !to.equals(from)).map(to -> Arguments.of(from, to)));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void leavesNothingOfTheFormBefore(FileForm from, FileForm to) throws Exception {
    load(from, 1);
    load(to, 2);
    assertShowsOnly(to);
    load(from, 3);
    assertShowsOnly(from);
  }

  @ParameterizedTest
  @MethodSource("changes")
  void repeatsACommitThatWasKilledBeforeTheFormBeforeWasRemoved(FileForm from, FileForm to)
      throws Exception {
    load(from, 1);
    Checkpoint second = prepared(to, 2);
    crash(
        to,
        second,
        () -> {
          throw new IOException("killed");
        });
    assertMayGoOn(to);
    commit(to, second);
    assertShowsOnly(to);
  }

  @ParameterizedTest
  @MethodSource("changes")
  void repeatsACommitThatWasKilledBetweenTheRemovalAndTheMarker(FileForm from, FileForm to)
      throws Exception {
    load(from, 1);
    Checkpoint second = prepared(to, 2);
    Path obstacle = folder.resolve(".tapline/shop.json.tmp");
    crash(to, second, () -> Files.createDirectory(obstacle));
    Files.delete(obstacle);
    assertMayGoOn(to);
    commit(to, second);
    assertShowsOnly(to);
  }

  @ParameterizedTest
  @MethodSource("changes")
  void changesBackAfterACommitThatWasKilled(FileForm from, FileForm to) throws Exception {
    load(from, 1);
    crash(
        to,
        prepared(to, 2),
        () -> {
          throw new IOException("killed");
        });
    load(from, 3);
    assertShowsOnly(from);
  }

  @ParameterizedTest
  @MethodSource("changes")
  void refusesToAddInAnotherForm(FileForm from, FileForm to) throws Exception {
    load(from, 1);
    FileSink sink = sink(to);
    assertThatThrownBy(() -> sink.openWriter(Streams.context("orders", WriteMode.APPEND, 1)))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "stream public.orders: rows with %s cannot be added to what was written with %s; set the sink back to that, or give the stream another name with 'as'"
                .formatted(to, from));
    assertShowsOnly(from);
  }

  @Test
  void refusesToCommitWhatWasPreparedWithAnotherCompression() throws Exception {
    load(FILE, 1);
    Checkpoint second = prepared(GZIP_FILE, 2);
    assertThatThrownBy(() -> commit(FILE, second))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("was prepared in another form than .jsonl;");
    commit(GZIP_FILE, second);
    assertShowsOnly(GZIP_FILE);
  }

  @Test
  void keepsWhatIsNotItsOwnInTheNewForm() throws Exception {
    load(FOLDER, 1);
    Files.writeString(folder.resolve("orders.jsonl"), "mine");
    FileSink sink = sink(FILE);
    assertThatThrownBy(() -> sink.openWriter(Streams.context("orders", WriteMode.REPLACE, 2)))
        .hasMessageContaining("exists and pipeline 'shop' has not written it");
    load(FOLDER, 2);
    assertThat(folder.resolve("orders.jsonl")).hasContent("mine");
  }

  @Test
  void knowsItsOwnDataAfterTheFirstCommitWasKilled() throws Exception {
    Checkpoint first = prepared(FILE, 1);
    crash(
        FILE,
        first,
        () -> {
          throw new IOException("killed");
        });
    assertMayGoOn(FILE);
    commit(FILE, first);
    assertShowsOnly(FILE);
  }

  private void crash(FileForm form, Checkpoint checkpoint, Crash crash) throws Exception {
    Workspace workspace = new Workspace(folder, "shop", form, Compression.forms());
    FileSinkConfig config = settings(form);
    Publisher publisher =
        form.oneFile()
            ? new SingleFilePublisher(workspace, config)
            : new FolderPublisher(workspace, AtomicSwap.best());
    FileCommitter committer = new FileCommitter(workspace, new Crashing(publisher, crash));
    assertThatThrownBy(() -> committer.commit(checkpoint)).isInstanceOf(IOException.class);
  }

  private record Crashing(Publisher publisher, Crash crash) implements Publisher {
    @Override
    public Marker.Destination append(
        String destination, List<PreparedFile> files, Marker.Destination before)
        throws IOException {
      return publisher.append(destination, files, before);
    }

    @Override
    public boolean isLive(PreparedFile file) throws IOException {
      return publisher.isLive(file);
    }

    @Override
    public Marker.Destination replace(String destination, long version) throws IOException {
      Marker.Destination published = publisher.replace(destination, version);
      crash.afterPlacing();
      return published;
    }

    @Override
    public void tidy(String destination) throws IOException {
      publisher.tidy(destination);
    }
  }

  private void load(FileForm form, long number) throws Exception {
    commit(form, prepared(form, number));
  }

  private Checkpoint prepared(FileForm form, long number) throws Exception {
    Batch batch = new Batch(Streams.of("orders").name(), Streams.IDS, 4);
    batch.clear(0);
    ((LongColumn) batch.column(0)).append(number);
    batch.endRow();
    try (SinkWriter writer =
        sink(form).openWriter(Streams.context("orders", WriteMode.REPLACE, number))) {
      writer.write(batch);
      List<Commit> commits = writer.prepare();
      return new Checkpoint(
          number,
          Map.of(Streams.of("orders").name(), commits),
          List.of(new Checkpoint.TableReplacement(Streams.of("orders").name(), "orders", number)),
          Map.of());
    }
  }

  private void commit(FileForm form, Checkpoint checkpoint) throws Exception {
    try (SinkCommitter committer = sink(form).openCommitter()) {
      committer.commit(checkpoint);
      committer.sweep();
    }
  }

  private FileSink sink(FileForm form) {
    return new FileSink(settings(form), new SinkContext("shop"));
  }

  private FileSinkConfig settings(FileForm form) {
    return new FileSinkConfig(
        folder,
        form.oneFile(),
        compression(form),
        compression(form).defaultLevel(),
        Long.MAX_VALUE,
        RowFormat.of(Metadata.NONE));
  }

  private static Compression compression(FileForm form) {
    return Compression.valueOf(form.variant().toUpperCase(Locale.ROOT));
  }

  private void assertMayGoOn(FileForm form) {
    assertThat(sink(form).check(List.of(Streams.of("orders"))))
        .extracting(Finding::severity)
        .doesNotContain(Finding.Severity.ERROR);
  }

  private void assertShowsOnly(FileForm form) throws IOException {
    String name = form.oneFile() ? "orders" + form.extension() : "orders";
    assertThat(Workspace.list(folder))
        .containsExactly(folder.resolve(".tapline"), folder.resolve(name));
    assertThat(Workspace.list(folder.resolve(".tapline")))
        .containsExactly(folder.resolve(".tapline/shop.json"));
    if (!form.oneFile()) {
      assertThat(Workspace.list(folder.resolve("orders")))
          .singleElement()
          .satisfies(file -> assertThat(file.toString()).endsWith(form.extension()));
    }
  }
}
