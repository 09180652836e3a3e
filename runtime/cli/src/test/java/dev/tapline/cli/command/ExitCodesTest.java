package dev.tapline.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.cli.command.InProcess.Result;
import dev.tapline.engine.run.EngineFixture;
import dev.tapline.engine.run.FakeSource;
import dev.tapline.plugins.FaultyPlugins;
import dev.tapline.spi.catalog.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The same fault gives the same exit code and is told once, whether a pipeline has one stream or
/// several.
class ExitCodesTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path folder;
  private EngineFixture engine;

  @BeforeEach
  void setUp() {
    engine = new EngineFixture(folder);
    engine.source.table("aaa", 10).table("bbb", 10).table("ccc", 10);
  }

  private Result run(String entries, String... arguments) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("shop.yaml"),
            """
            source: {type: fake}
            streams: [%s]
            sink: {type: fake}
            state: state
            engine: {retry-for: 100ms}
            """
                .formatted(entries));
    List<String> all = new ArrayList<>(List.of("run"));
    all.addAll(List.of(arguments));
    all.add(file.toString());
    return InProcess.run(new FaultyPlugins().of(engine), all.toArray(String[]::new));
  }

  private String log() throws IOException {
    Path runs = folder.resolve("state/runs/shop");
    try (Stream<Path> all = Files.list(runs)) {
      Path last = all.sorted().toList().getLast();
      return Files.readAllLines(last.resolve("extraction.log")).stream()
          .map(line -> JSON.readTree(line).get("message").asString())
          .collect(Collectors.joining("\n"));
    }
  }

  private static void assertTold(String text, String sentence, int times) {
    assertThat(text.split(java.util.regex.Pattern.quote(sentence), -1).length - 1)
        .as("'%s' in %s", sentence, text)
        .isEqualTo(times);
  }

  private static String entries(String... tables) {
    return Stream.of(tables)
        .map("{table: public.%s}"::formatted)
        .reduce((one, other) -> one + ", " + other)
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({"bad", "aaa bad", "bad bbb ccc"})
  void aTableThatIsNotThere(String tables) throws Exception {
    Result result = run(entries(tables.split(" ")));

    assertThat(result.code()).isEqualTo(1);
    assertTold(log(), "there is no table 'public.bad'", 1);
    assertThat(result.out()).doesNotContain("there is no table");
    assertTold(result.err(), "there is no table 'public.bad'", tables.equals("bad") ? 1 : 0);
  }

  @ParameterizedTest
  @CsvSource({"aaa", "aaa bbb", "aaa bbb ccc"})
  void aTableThatTheDestinationRefuses(String tables) throws Exception {
    engine.destination.refusals.put(
        "public__aaa", Finding.error(FakeSource.name("aaa"), "its name is taken", "give it 'as'"));

    Result result = run(entries(tables.split(" ")));

    assertThat(result.code()).isEqualTo(1);
    assertTold(log(), "its name is taken", 1);
    assertThat(result.out()).doesNotContain("its name is taken");
    assertTold(result.err(), "its name is taken", tables.equals("aaa") ? 1 : 0);
  }

  @ParameterizedTest
  @CsvSource({"aaa, 1", "aaa bbb ccc, 1", "aaa bbb ccc, 2", "aaa bbb ccc, 3"})
  void aStreamThatFails(String tables, int failing) throws Exception {
    for (String table : List.of("aaa", "bbb", "ccc").subList(0, failing)) {
      engine.source.unreadable.add(FakeSource.name(table));
    }

    Result result = run(entries(tables.split(" ")));

    assertThat(result.code()).isEqualTo(1);
    assertTold(log(), "there is no way to read aaa", 1);
    assertThat(result.out()).contains("; " + failing + " failed").doesNotContain("no way to read");
    assertThat(result.err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "aaa, stream public.aaa",
    "aaa bbb ccc, '3 streams (public.aaa, public.bbb, public.ccc)'"
  })
  void whatSeveralStreamsFailOfIsOneLineAndEachOnesErrorInTheReport(String tables, String subject)
      throws Exception {
    String entries = "{table: public.%s, method: LOG_BASED}";
    String all =
        Stream.of(tables.split(" ")).map(entries::formatted).collect(Collectors.joining(", "));
    assertThat(run(all).code()).isZero();
    engine.source.log.lostDatabase = "shop";

    Result result = run(all, "--format", "json");

    assertThat(result.code()).isEqualTo(1);
    assertTold(log(), "the slot of shop is lost", 1);
    assertThat(log()).contains(subject + ": the slot of shop is lost");
    assertThat(JSON.readTree(result.out()).get("streams"))
        .hasSize(tables.split(" ").length)
        .allMatch(stream -> stream.get("error").asString().equals("the slot of shop is lost"));
  }

  @Test
  void twoStreamsOfOneDestination() throws Exception {
    for (String others : List.of("", ", {table: public.ccc}")) {
      Result result = run("{table: public.aaa, as: x}, {table: public.bbb, as: x}" + others);

      assertThat(result.code()).isEqualTo(1);
      assertThat(result.err()).contains("would all be written to 'x'");
    }
  }

  @Test
  void aPatternThatMeansNoStreamIsAWrongCallBesideOthersToo() throws Exception {
    for (String[] call :
        List.of(
            new String[] {"--stream", "public.aab"},
            new String[] {"--stream", "public.aaa", "--stream", "public.aab"},
            new String[] {"--dry-run", "--stream", "public.aaa", "--stream", "public.aab"})) {
      Result result = run(entries("aaa", "bbb"), call);

      assertThat(result.code()).isEqualTo(2);
      assertThat(result.err())
          .contains("no selected stream matches public.aab; did you mean 'public.aaa'?");
      assertThat(engine.destination.visible).isEmpty();
    }
  }

  @Test
  void aPatternThatMeansATableThatIsNotThereIsNoWrongCall() throws Exception {
    Result result = run(entries("aaa", "bad"), "--stream", "public.bad");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("there is no table 'public.bad'");
  }

  @ParameterizedTest
  @CsvSource({
    "aaa, succeeded, 0",
    "aaa bbb, failed, 1",
    "bbb, failed, 1",
    "bad, failed, 1",
    "aaa bad, failed, 1"
  })
  void theReportForProgramsIsOneDocumentHoweverTheRunEnds(String tables, String outcome, int code)
      throws Exception {
    engine.source.unreadable.add(FakeSource.name("bbb"));

    Result result = run(entries(tables.split(" ")), "--format", "json");

    assertThat(result.code()).isEqualTo(code);
    JsonNode report = JSON.readTree(result.out());
    assertThat(report.get("outcome").asString()).isEqualTo(outcome);
    Path kept = folder.resolve("state/runs/shop").resolve(report.get("run").asString());
    assertThat(result.out().strip()).isEqualTo(Files.readString(kept.resolve("report.json")));
  }

  @Test
  void aRunThatFailsWithoutAWordHasFailedInItsReportToo() throws Exception {
    for (String message : new String[] {null, "", " "}) {
      engine.destination.beforeOpen =
          _ -> {
            throw new IOException(message);
          };

      Result result = run(entries("aaa"), "--format", "json");

      assertThat(result.code()).isEqualTo(1);
      JsonNode report = JSON.readTree(result.out());
      assertThat(report.get("outcome").asString()).isEqualTo("failed");
      assertThat(report.get("problems").get(0).asString()).isNotBlank();
    }
  }

  @Test
  void rowsAndAReportDoNotShareStandardOutput() throws Exception {
    engine.destination.standardOutput = true;

    Result result = run(entries("aaa"), "--format", "json");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).contains("--format json", "writes rows to standard output");
    assertThat(folder.resolve("state")).doesNotExist();
  }
}
