package dev.tapline.sink.jsonl.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.files.PreparedFile;
import dev.tapline.files.Workspace;
import dev.tapline.sink.jsonl.JsonLinesSinkProvider;
import dev.tapline.sink.jsonl.fixture.Streams;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.sink.Checkpoint;
import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.SinkContext;
import dev.tapline.spi.sink.SinkWriter;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.sink.WriterContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class FileSinkTest {
  @TempDir Path folder;

  @Test
  void putsTheRowsOfAFullLoadIntoTheDestinationsFolder() throws Exception {
    try (Sink sink = sink("shop", Map.of())) {
      commit(sink, 1, replacement("orders", 1), write(sink, "orders", WriteMode.REPLACE, 1, 3));
    }
    assertThat(names(folder.resolve("orders")))
        .hasSize(1)
        .allMatch(name -> name.endsWith(".jsonl"));
    assertThat(lines("orders"))
        .hasSize(3)
        .first()
        .isEqualTo("{\"id\":0,\"_op\":\"r\",\"_extracted_at\":\"2000-01-01T00:00:00.000042Z\"}");
    assertThat(names(folder.resolve(".tapline"))).containsExactly("shop.json");
  }

  @Test
  void beginsAnotherFileAtTheGivenSize() throws Exception {
    try (Sink sink = sink("shop", Map.of("file-size", "64KB"))) {
      commit(
          sink, 1, replacement("orders", 1), write(sink, "orders", WriteMode.REPLACE, 1, 20_000));
    }
    assertThat(names(folder.resolve("orders"))).hasSizeGreaterThan(3);
    assertThat(lines("orders")).hasSize(20_000).doesNotHaveDuplicates();
  }

  @Test
  void refusesADestinationOfAnotherPipeline() throws Exception {
    try (Sink sink = sink("shop", Map.of())) {
      commit(sink, 1, replacement("orders", 1), write(sink, "orders", WriteMode.REPLACE, 1, 1));
    }
    try (Sink other = sink("crm", Map.of())) {
      assertThatThrownBy(() -> other.openWriter(context("orders", WriteMode.REPLACE, 1)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("stream public.orders: pipeline 'shop' writes the destination")
          .hasMessageContaining("run it under the name it had (name: shop)")
          .hasMessageContaining("remove its marker " + folder.resolve(".tapline/shop.json"));
      assertThat(other.check(List.of(Streams.of("orders"))))
          .anyMatch(finding -> finding.severity() == Finding.Severity.ERROR);
    }
  }

  @Test
  void refusesADestinationThatAnotherPipelineHasBegunToWrite() throws Exception {
    try (Sink sink = sink("shop", Map.of());
        SinkWriter writer = sink.openWriter(context("orders", WriteMode.APPEND, 1));
        Sink other = sink("crm", Map.of())) {
      assertThat(writer.prepare()).isEmpty();
      assertThatThrownBy(() -> other.openWriter(context("orders", WriteMode.APPEND, 1)))
          .hasMessageContaining("another pipeline is writing the destination 'orders'");
    }
  }

  @Test
  void refusesToReplaceWhatSomebodyElseHasPutThere() throws Exception {
    Files.createDirectory(folder.resolve("orders"));
    Files.writeString(folder.resolve("orders/notes.txt"), "mine");
    try (Sink sink = sink("shop", Map.of())) {
      assertThatThrownBy(() -> sink.openWriter(context("orders", WriteMode.REPLACE, 1)))
          .hasMessageContaining("exists and pipeline 'shop' has not written it");
    }
    assertThat(folder.resolve("orders/notes.txt")).hasContent("mine");
  }

  @Test
  void refusesAColumnWithTheNameOfAMetadataField() throws Exception {
    Schema schema = new Schema(List.of(Field.of("_op", DataType.Scalar.TEXT, "text")), List.of());
    WriterContext context =
        new WriterContext(Streams.of("orders", schema, "FULL_TABLE"), WriteMode.REPLACE, 1, "part");
    try (Sink sink = sink("shop", Map.of())) {
      assertThatThrownBy(() -> sink.openWriter(context))
          .hasMessageContaining("the column '_op' has the name of a metadata field")
          .hasMessageContaining("metadata-fields: {_op: another_name}");
      assertThat(sink.check(List.of(context.stream())))
          .extracting(Finding::severity)
          .contains(Finding.Severity.ERROR);
    }
  }

  @Test
  void saysThatThePathIsAFile() throws Exception {
    Path file = Files.createFile(folder.resolve("taken"));
    try (Sink sink = sink("shop", Map.of("path", file.toString()))) {
      assertThat(sink.check(List.of()))
          .extracting(Finding::message)
          .containsExactly(file + " is a file and not a folder");
      assertThatThrownBy(() -> sink.openWriter(context("orders", WriteMode.REPLACE, 1)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("taken");
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void saysThatAFolderCannotBeMade() throws Exception {
    try (Sink sink = sink("shop", Map.of("path", "/proc/tapline"))) {
      assertThat(sink.check(List.of()))
          .singleElement()
          .satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Finding.Severity.ERROR);
            assertThat(finding.message())
                .contains("/proc", "'no such file or directory'", "takes no new folders");
          });
      assertThatThrownBy(() -> sink.openWriter(context("orders", WriteMode.REPLACE, 1)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot make the folder /proc/tapline: ")
          .hasMessageContaining("'no such file or directory'")
          .message()
          .doesNotContain("while the run went on");
    }
  }

  @Test
  void leavesNothingBehindThatItMadeToCheckThePath() throws Exception {
    Path inner = folder.resolve("not/there/yet");
    try (Sink sink = sink("shop", Map.of("path", inner.toString()))) {
      assertThat(sink.check(List.of()))
          .extracting(Finding::severity)
          .containsExactly(Finding.Severity.OK);
    }
    assertThat(folder).isEmptyDirectory();
    Files.createDirectories(inner);
    try (Sink sink = sink("shop", Map.of("path", inner.toString()))) {
      assertThat(sink.check(List.of()))
          .extracting(Finding::severity)
          .containsExactly(Finding.Severity.OK);
    }
    assertThat(inner).isEmptyDirectory();
  }

  @Test
  void saysThatTheSinksOwnFolderCannotBeMade() throws Exception {
    Files.createFile(folder.resolve(".tapline"));
    try (Sink sink = sink("shop", Map.of())) {
      assertThat(sink.check(List.of()))
          .singleElement()
          .satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Finding.Severity.ERROR);
            assertThat(finding.message()).contains(".tapline");
          });
    }
    assertThat(folder.resolve(".tapline")).isEmptyFile();
  }

  @Test
  void saysThatAMarkerIsCutShort() throws Exception {
    try (Sink sink = sink("shop", Map.of())) {
      commit(sink, 1, List.of(), write(sink, "orders", WriteMode.APPEND, 1, 1));
    }
    Path marker = folder.resolve(".tapline/shop.json");
    Files.writeString(marker, Files.readString(marker).substring(0, 40));
    try (Sink sink = sink("shop", Map.of())) {
      assertThatThrownBy(sink::openCommitter)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("shop.json")
          .hasMessageContaining("cannot be understood: it ends too early;")
          .hasMessageContaining("the pipeline's state file")
          .hasMessageContaining(folder.resolve(".tapline/work/shop").toString())
          .satisfies(FileSinkTest::isOneLineWithoutInternals);
    }
  }

  @Test
  void saysWhereAMarkerIsNotJson() throws Exception {
    Files.createDirectories(folder.resolve(".tapline"));
    Files.writeString(folder.resolve(".tapline/shop.json"), "{\n  checkpoint: 4}");
    try (Sink sink = sink("shop", Map.of())) {
      assertThatThrownBy(sink::openCommitter)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("it is not JSON at line 2, column 3")
          .satisfies(FileSinkTest::isOneLineWithoutInternals);
    }
  }

  @Test
  void saysOnceThatAMarkerIsDamagedHoweverManyStreamsThereAre() throws Exception {
    Files.createDirectories(folder.resolve(".tapline"));
    Files.writeString(folder.resolve(".tapline/shop.json"), "{");
    try (Sink sink = sink("shop", Map.of())) {
      assertThat(sink.check(List.of(Streams.of("orders"), Streams.of("customers"))))
          .filteredOn(finding -> finding.severity() == Finding.Severity.ERROR)
          .singleElement()
          .satisfies(finding -> {
            assertThat(finding.subject().label(false)).isEqualTo("path");
            assertThat(finding.message()).contains("shop.json", "cannot be understood");
          });
    }
  }

  @Test
  void saysThatAMarkerIsAnotherPipelines() throws Exception {
    Files.createDirectories(folder.resolve(".tapline"));
    Files.writeString(
        folder.resolve(".tapline/shop.json"), "{\"pipeline\":\"crm\",\"checkpoint\":4}");
    try (Sink sink = sink("shop", Map.of())) {
      assertThatThrownBy(sink::openCommitter)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("it belongs to pipeline 'crm'");
    }
  }

  @Test
  void namesAPreparedFileThatIsGone() throws Exception {
    try (Sink sink = sink("shop", Map.of())) {
      List<Commit> commits = write(sink, "orders", WriteMode.APPEND, 1, 1);
      Path prepared = folder.resolve(PreparedFile.of(commits.getFirst()).temporary());
      Files.delete(prepared);
      try (SinkCommitter committer = sink.openCommitter()) {
        assertThatThrownBy(() -> committer.commit(checkpoint(1, List.of(), commits)))
            .isInstanceOf(IOException.class)
            .hasMessageContaining(prepared.getFileName().toString())
            .hasMessageContaining("is gone");
      }
    }
  }

  @Test
  void refusesACommitThatPointsOutOfItsFolder() throws Exception {
    Commit commit =
        new PreparedFile("orders", 1, WriteMode.APPEND, "../elsewhere.tmp", "x.jsonl").toCommit();
    try (Sink sink = sink("shop", Map.of());
        SinkCommitter committer = sink.openCommitter()) {
      assertThatThrownBy(() -> committer.commit(checkpoint(1, List.of(), List.of(commit))))
          .hasMessageContaining("../elsewhere.tmp");
    }
  }

  @Test
  void refusesACheckpointBeforeTheLast() throws Exception {
    try (Sink sink = sink("shop", Map.of());
        SinkCommitter committer = sink.openCommitter()) {
      committer.commit(checkpoint(5, List.of(), List.of()));
      assertThatThrownBy(() -> committer.commit(checkpoint(4, List.of(), List.of())))
          .hasMessageContaining("checkpoint 4 comes after checkpoint 5");
    }
  }

  @Test
  void addsRowsToAVersionThatIsNotVisibleYet() throws Exception {
    try (Sink sink = sink("shop", Map.of())) {
      commit(sink, 1, replacement("orders", 1), write(sink, "orders", WriteMode.REPLACE, 1, 1));
      List<Commit> fresh = write(sink, "orders", WriteMode.REPLACE, 2, 3);
      List<Commit> added = write(sink, "orders", WriteMode.APPEND, 2, 4);
      commit(sink, 2, List.of(), fresh);
      commit(sink, 3, List.of(), added);
      assertThat(lines("orders")).hasSize(1);
      commit(sink, 4, replacement("orders", 2), List.of());
      assertThat(lines("orders")).hasSize(7);
    }
  }

  @Test
  void keepsCommittedFilesOfAVersionUnderWayWhenItSweeps() throws Exception {
    try (Sink sink = sink("shop", Map.of())) {
      commit(sink, 1, List.of(), write(sink, "orders", WriteMode.REPLACE, 1, 3));
    }
    try (Sink sink = sink("shop", Map.of())) {
      try (SinkCommitter committer = sink.openCommitter()) {
        committer.sweep();
      }
      commit(sink, 2, replacement("orders", 1), write(sink, "orders", WriteMode.REPLACE, 1, 2));
    }
    assertThat(lines("orders")).hasSize(5);
  }

  @Test
  void writesDestinationsOfAnyName() throws Exception {
    List<String> destinations =
        List.of(
            "with space",
            "a.b",
            "quote\"d",
            "slash/ed",
            "100%",
            "%2F",
            ".",
            "..",
            ".tapline",
            "Ab",
            "ab");
    try (Sink sink = sink("shop", Map.of())) {
      long number = 1;
      for (String destination : destinations) {
        commit(
            sink,
            number++,
            replacement(destination, 1),
            write(sink, destination, WriteMode.REPLACE, 1, 1));
      }
    }
    assertThat(names(folder))
        .containsExactlyInAnyOrder(
            "with space",
            "a.b",
            "quote\"d",
            "slash%2Fed",
            "100%25",
            "%252F",
            "%2E",
            "%2E.",
            "%2Etapline",
            "Ab",
            "ab",
            ".tapline");
  }

  @Test
  void refusesNamesThatAreTooLong() throws Exception {
    try (Sink sink = sink("shop", Map.of())) {
      assertThatThrownBy(() -> sink.openWriter(context("ü".repeat(128), WriteMode.REPLACE, 1)))
          .hasMessageContaining("256 bytes")
          .hasMessageContaining("'as'");
    }
  }

  private static void isOneLineWithoutInternals(Throwable failure) {
    assertThat(failure.getMessage()).doesNotContain("\n", "Source", "REDACTED", "reset");
  }

  private Sink sink(String pipeline, Map<String, Object> values) {
    Map<String, Object> all = new HashMap<>(Map.of("path", folder.toString()));
    all.putAll(values);
    JsonLinesSinkProvider provider = new JsonLinesSinkProvider();
    Config config = Config.of(provider.config(), all);
    assertThat(provider.validate(config)).isEmpty();
    return provider.create(config, new SinkContext(pipeline));
  }

  private static WriterContext context(String destination, WriteMode mode, long version) {
    return Streams.context(destination, mode, version);
  }

  private static List<Commit> write(
      Sink sink, String destination, WriteMode mode, long version, int rows) throws Exception {
    WriterContext context = context(destination, mode, version);
    Batch batch = new Batch(context.stream().name(), Streams.IDS, rows);
    batch.clear(42);
    for (int i = 0; i < rows; i++) {
      ((LongColumn) batch.column(0)).append(i);
      batch.endRow();
    }
    try (SinkWriter writer = sink.openWriter(context)) {
      writer.write(batch);
      return writer.prepare();
    }
  }

  private static void commit(
      Sink sink, long number, List<Checkpoint.TableReplacement> replacements, List<Commit> commits)
      throws Exception {
    try (SinkCommitter committer = sink.openCommitter()) {
      committer.commit(checkpoint(number, replacements, commits));
    }
  }

  private static Checkpoint checkpoint(
      long number, List<Checkpoint.TableReplacement> replacements, List<Commit> commits) {
    return new Checkpoint(
        number, Map.of(Streams.of("orders").name(), commits), replacements, Map.of());
  }

  private static List<Checkpoint.TableReplacement> replacement(String destination, long version) {
    return List.of(
        new Checkpoint.TableReplacement(Streams.of(destination).name(), destination, version));
  }

  private List<String> lines(String destination) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path file : Workspace.list(folder.resolve(destination))) {
      lines.addAll(Files.readAllLines(file));
    }
    return lines;
  }

  private static List<String> names(Path folder) throws IOException {
    return Workspace.list(folder).stream().map(file -> file.getFileName().toString()).toList();
  }
}
