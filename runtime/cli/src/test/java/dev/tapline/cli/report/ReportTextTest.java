package dev.tapline.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.cli.terminal.LiveArea;
import dev.tapline.cli.terminal.Progress;
import dev.tapline.cli.text.HumanReadable;
import dev.tapline.cli.text.TextTable;
import dev.tapline.engine.RunResult;
import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.source.Lag;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReportTextTest {
  @Test
  void amountsAreWrittenForPeople() {
    assertThat(HumanReadable.count(1_234_567)).isEqualTo("1,234,567");
    assertThat(HumanReadable.bytes(0)).isEqualTo("0 B");
    assertThat(HumanReadable.bytes(1023)).isEqualTo("1023 B");
    assertThat(HumanReadable.bytes(1536)).isEqualTo("1.5 KB");
    assertThat(HumanReadable.bytes(300L << 20)).isEqualTo("300 MB");
    assertThat(HumanReadable.clock(Duration.ofSeconds(7))).isEqualTo("0:07");
    assertThat(HumanReadable.clock(Duration.ofSeconds(10_859))).isEqualTo("3:00:59");
    assertThat(HumanReadable.perSecond(10, Duration.ZERO)).isZero();
    assertThat(HumanReadable.perSecond(10, Duration.ofMillis(500))).isEqualTo(20);
  }

  @Test
  void aTableIsAsWideAsItsWidestCells() {
    assertThat(
            TextTable.of("stream", ">rows", "error")
                .row("public.größe", "1,000", "")
                .row("a", "7", "x")
                .toString())
        .isEqualTo(
            """
            stream         rows  error
            ------------  -----  -----
            public.größe  1,000
            a                 7  x
            """);
  }

  @Test
  void theSumSaysWhatCouldNotBegin() {
    Instant begin = Instant.parse("2026-11-21T00:00:00Z");
    RunResult result =
        new RunResult(
            "shop",
            begin,
            begin.plusSeconds(1),
            false,
            false,
            List.of("public.t: its name is too long", "public.u: there is no such table"),
            List.of());

    assertThat(new LoadingReport(RunReport.of(result, "")).text())
        .contains("error: public.t: its name is too long")
        .endsWith("; 2 errors are about what could not begin\n");
  }

  @Test
  void aReportThatWasWrittenSaysWhatTheRunHasSaid(@TempDir Path folder) throws Exception {
    StreamReport done = stream("orders", "done", false, "");
    StreamReport finer =
        new StreamReport(
            done.name(),
            done.label(),
            done.destination(),
            done.method(),
            done.status(),
            done.rows(),
            done.bytes(),
            done.startedAt(),
            Duration.ofNanos(317_900_000), // 31 rows a second; in whole milliseconds, 32
            done.position(),
            done.lag(),
            done.error());
    RunReport said = report(RunReport.Outcome.SUCCEEDED, finer);
    Path file = folder.resolve("report.json");
    ReportJson.write(said, file);

    assertThat(new LoadingReport(ReportJson.read(file)).text())
        .isEqualTo(new LoadingReport(said).text());
  }

  private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");

  private static StreamReport stream(String name, String status, boolean log, String error) {
    return new StreamReport(
        new StreamName("shop", "public", name),
        "public." + name,
        "public__" + name,
        log ? "LOG_BASED" : "FULL_TABLE",
        status,
        10,
        80,
        Optional.of(NOON),
        Duration.ofMillis(2_500),
        log
            ? Position.of(Map.of("lsn", "0/16B3748", "oid", "16402", "facts", "system=7"))
            : Position.START,
        log ? Optional.of(new Lag(4_096, Duration.ofMillis(1_500))) : Optional.empty(),
        error);
  }

  private static RunReport report(RunReport.Outcome outcome, StreamReport... streams) {
    return new RunReport(
        "shop", "a-run", NOON, NOON.plusSeconds(4), outcome, List.of(), List.of(streams));
  }

  private static String sum(RunReport.Outcome outcome, StreamReport... streams) {
    String text = new LoadingReport(report(outcome, streams)).brief();
    return text.lines().toList().getLast();
  }

  @Test
  void theSumCountsWhatHasAnEndAndWhatWasFollowed() {
    StreamReport done = stream("done", "done", false, "");
    StreamReport followed = stream("log", "stopped", true, "");
    StreamReport failed = stream("bad", "failed", false, "gone");
    assertThat(sum(RunReport.Outcome.SUCCEEDED, done, done))
        .startsWith("shop: 2 of 2 streams, 20 rows, ")
        .endsWith(" rows/s)");
    assertThat(sum(RunReport.Outcome.STOPPED, followed))
        .startsWith("shop: 1 stream followed, 10 rows")
        .endsWith("; stopped");
    assertThat(sum(RunReport.Outcome.STOPPED, followed, followed, followed))
        .startsWith("shop: 3 streams followed, 30 rows")
        .endsWith("; stopped");
    assertThat(sum(RunReport.Outcome.FAILED, followed, done, failed))
        .startsWith("shop: 1 of 3 streams followed, 1 done, 30 rows")
        .endsWith("; 1 failed; stopped");
    assertThat(sum(RunReport.Outcome.FAILED, done, failed))
        .startsWith("shop: 1 of 2 streams, 20 rows")
        .endsWith("; 1 failed");
    assertThat(sum(RunReport.Outcome.STOPPED, done, stream("cut", "stopped", false, "")))
        .startsWith("shop: 1 of 2 streams")
        .endsWith("; stopped before the end");
  }

  @Test
  void aReasonStandsInTheReportAndNotInWhatTheRunPrints() {
    LoadingReport report =
        new LoadingReport(
            report(RunReport.Outcome.FAILED, stream("bad", "failed", false, "it is gone")));
    assertThat(report.brief()).contains("public.bad  FULL_TABLE  failed").doesNotContain("gone");
    assertThat(report.text()).contains("error: public.bad: it is gone\n");
  }

  @Test
  void theBookmarkIsThePlaceAlone() {
    String text =
        new LoadingReport(
                report(
                    RunReport.Outcome.FAILED,
                    stream("log", "stopped", true, ""),
                    stream("whole", "done", false, ""),
                    stream("bad", "failed", false, "gone")))
            .text();
    assertThat(text)
        .containsPattern("public\\.log .* lsn=0/16B3748  4\\.0 KB, 0:01\\n")
        .containsPattern("public\\.whole .* complete +-\\n")
        .containsPattern("public\\.bad .* - +-\\n")
        .doesNotContain("oid", "system=");
  }

  @Test
  void aReportIsReadAsItWasWritten(@TempDir Path folder) throws Exception {
    RunReport report =
        new RunReport(
            "shop",
            "a-run",
            NOON,
            NOON.plusSeconds(4),
            RunReport.Outcome.FAILED,
            List.of("public.x: there is no table"),
            List.of(
                stream("log", "stopped", true, ""), stream("bad", "failed", false, "it is gone")));
    Path file = folder.resolve("report.json");
    ReportJson.write(report, file);
    assertThat(ReportJson.read(file)).isEqualTo(report);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "[]", "{}", "null", "7", "{\"pipeline\": 1}", "{\"problems\": 7}"})
  void whatIsNoReportIsSaidInASentence(String text, @TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("report.json"), text);
    assertThatThrownBy(() -> ReportJson.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageMatching("it is (no report|damaged or cut short) \\(.*\\)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | 0 | 0 | 0 of 3 streams done",
        "2 | 0 | 0 | 2 of 3 streams done",
        "2 | 0 | 1 | 2 of 3 streams done, 1 failed",
        "0 | 1 | 0 | 1 of 3 streams following",
        "1 | 1 | 1 | 1 of 3 streams following, 1 done, 1 failed",
        "0 | 3 | 0 | 3 streams following"
      })
  void theProgressLineSaysWhatIsSoAtEachStage(int done, int following, int failed, String said) {
    assertThat(line(done, 3, following, failed)).startsWith(said + "  1,000 rows");
    assertThat(line(0, 1, 1, 0)).startsWith("1 stream following  ");
    assertThat(line(1, 1, 0, 0)).startsWith("1 of 1 stream done  ");
  }

  private static String line(int done, int streams, int following, int failed) {
    return new Progress.Snapshot(
            done,
            streams,
            1_000,
            0,
            0,
            0,
            Duration.ZERO,
            Duration.ofSeconds(-1),
            following,
            failed,
            Optional.empty())
        .line();
  }

  @Test
  @Timeout(5)
  void aTableOfManyRowsTakesNoTimeToSpeakOf() {
    TextTable table = TextTable.of("stream", ">rows");
    for (int i = 0; i < 50_000; i++) {
      table.row("public.table_" + i, "1");
    }

    assertThat(table.toString().lines()).hasSize(50_002);
  }

  @Test
  void theLogScrollsAboveTheLiveLines() {
    ByteArrayOutputStream terminal = new ByteArrayOutputStream();
    LiveArea area = new LiveArea(new PrintStream(terminal, true, StandardCharsets.UTF_8));
    area.draw("one\ntwo\n");

    area.asPrintStream().println("log");
    area.draw("");

    String erase = "\033[2A\r\033[J";
    assertThat(terminal.toString(StandardCharsets.UTF_8))
        .isEqualTo("one\ntwo\n" + erase + "log\none\ntwo\n" + erase);
  }
}
