package dev.tapline.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.cli.command.InProcess.Result;
import dev.tapline.cli.report.ReportJson;
import dev.tapline.cli.report.RunReport;
import dev.tapline.engine.RunResult;
import dev.tapline.engine.run.EngineFixture;
import dev.tapline.engine.state.FileStateStore;
import dev.tapline.plugins.FaultyPlugins;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a start and an end do with the folder of state, logs and reports.
class StateFolderTest {
  private static final Path FULL = Path.of("/dev/full");

  @TempDir Path folder;
  private EngineFixture engine;
  private Path file;

  @BeforeEach
  void setUp() throws Exception {
    engine = new EngineFixture(folder);
    engine.source.table("orders", 10);
    file =
        Files.writeString(
            folder.resolve("shop.yaml"),
            """
            source: {type: fake}
            streams: [{table: "public.*"}]
            sink: {type: fake}
            state: state
            engine: {keep-runs: 1}
            """);
  }

  private Result run() {
    return InProcess.run(new FaultyPlugins().of(engine), "run", file.toString());
  }

  private List<Path> runs() throws IOException {
    Path runs = folder.resolve("state/runs/shop");
    if (!Files.exists(runs)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(runs)) {
      return all.sorted().toList();
    }
  }

  @Test
  void aStartThatIsRefusedMakesAndRemovesNothing() throws Exception {
    assertThat(run().code()).isZero();
    List<Path> before = runs();
    assertThat(before).anyMatch(path -> path.endsWith("report.json"));
    try (FileStateStore _ = FileStateStore.open(folder.resolve("state"), "shop")) {
      for (int i = 0; i < 3; i++) {
        Result refused = run();
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("is being run by process");
      }
    }
    assertThat(runs()).isEqualTo(before);
  }

  @Test
  void aLiveRunsFolderOutlivesRefusedStarts() throws Exception {
    engine.source.onClose =
        () -> {
          // The run is live: cron starts it once more.
          assertThat(run().code()).isEqualTo(1);
        };
    Result result = run();
    assertThat(result.err()).isEmpty();
    assertThat(result.code()).isZero();
    assertThat(runs()).anyMatch(path -> path.endsWith("report.json"));
  }

  @Test
  void aFullDiskIsToldWithTheFileAndTheRemedy() throws Exception {
    assertThat(run().code()).isZero();
    byte[] before = Files.readAllBytes(folder.resolve("state/shop.json"));
    Files.createSymbolicLink(folder.resolve("state/shop.json.tmp"), FULL);
    Result result = run();
    assertThat(result.code()).isEqualTo(1);
    Path report = runs().stream().filter(path -> path.endsWith("report.json")).toList().getLast();
    assertThat(Files.readString(report))
        .contains(
            "cannot write the state '" + folder.resolve("state/shop.json") + "'",
            "No space left on device",
            "free some space there, or set 'state' to a folder on a larger disk");
    assertThat(folder.resolve("state/shop.json")).hasBinaryContent(before);
  }

  @Test
  void aReportIsWrittenInWholeOrNotAtAll() throws Exception {
    Path report = folder.resolve("report.json");
    Files.createSymbolicLink(folder.resolve("report.json.tmp"), FULL);
    RunResult result =
        new RunResult("shop", Instant.now(), Instant.now(), false, false, List.of(), List.of());
    assertThatThrownBy(() -> ReportJson.write(RunReport.of(result, ""), report))
        .hasMessageContaining("cannot write the report '" + report + "': No space left on device")
        .hasMessageContaining("free some space there");
    assertThat(report).doesNotExist();
    assertThat(folder.resolve("report.json.tmp")).doesNotExist();
  }

  @Test
  void aFolderOfTheRunThatSomebodyRemovesIsNamed() throws Exception {
    RunResult result =
        new RunResult("shop", Instant.now(), Instant.now(), false, false, List.of(), List.of());
    assertThatThrownBy(
            () -> ReportJson.write(RunReport.of(result, ""), folder.resolve("gone/report.json")))
        .hasMessageContaining("cannot write the report '")
        .hasMessageContaining("there is no such folder");
  }
}
