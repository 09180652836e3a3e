package dev.tapline.runtime.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.runtime.engine.RunResult;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ReportTextTest {
  @Test
  void amountsAreWrittenForPeople() {
    assertThat(Amounts.count(1_234_567)).isEqualTo("1,234,567");
    assertThat(Amounts.bytes(0)).isEqualTo("0 B");
    assertThat(Amounts.bytes(1023)).isEqualTo("1023 B");
    assertThat(Amounts.bytes(1536)).isEqualTo("1.5 KB");
    assertThat(Amounts.bytes(300L << 20)).isEqualTo("300 MB");
    assertThat(Amounts.clock(Duration.ofSeconds(7))).isEqualTo("0:07");
    assertThat(Amounts.clock(Duration.ofSeconds(10_859))).isEqualTo("3:00:59");
    assertThat(Amounts.perSecond(10, Duration.ZERO)).isZero();
    assertThat(Amounts.perSecond(10, Duration.ofMillis(500))).isEqualTo(20);
  }

  @Test
  void aTableIsAsWideAsItsWidestCells() {
    assertThat(
            Table.of("stream", ">rows", "error")
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

    assertThat(new LoadingReport(result).text())
        .contains("error: public.t: its name is too long")
        .endsWith("; 2 errors are about what could not begin\n");
  }

  @Test
  @Timeout(5)
  void aTableOfManyRowsTakesNoTimeToSpeakOf() {
    Table table = Table.of("stream", ">rows");
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
