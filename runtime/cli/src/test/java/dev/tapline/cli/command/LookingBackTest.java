package dev.tapline.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.cli.command.InProcess.Result;
import dev.tapline.engine.run.EngineFixture;
import dev.tapline.engine.run.FakeSource;
import dev.tapline.engine.state.FileStateStore;
import dev.tapline.plugins.FaultyPlugins;
import dev.tapline.plugins.LoadedPlugins;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `runs`, `report` and `logs` show what was, of runs that ended well, badly or not at all.
class LookingBackTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path folder;
  private EngineFixture engine;
  private Path file;

  @BeforeEach
  void setUp() throws Exception {
    engine = new EngineFixture(folder);
    engine.source.table("orders", 10).table("items", 20);
    file =
        Files.writeString(
            folder.resolve("shop.yaml"),
            """
            source: {type: fake}
            streams: [{table: "public.*"}]
            sink: {type: fake}
            state: state
            engine: {retry-for: 100ms}
            """);
  }

  private Result run() {
    return InProcess.run(new FaultyPlugins().of(engine), "run", file.toString());
  }

  /// Looks, with no plug-in at hand.
  private Result look(String command, String... arguments) {
    List<String> all = new ArrayList<>(List.of(command, file.toString()));
    all.addAll(List.of(arguments));
    return InProcess.run(new LoadedPlugins(List.of(), List.of()), all.toArray(String[]::new));
  }

  private Path runs() {
    return folder.resolve("state/runs/shop");
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(runs())) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void listsRunsWithTheirOutcomeTheNewestFirst() throws Exception {
    run();
    engine.source.unreadable.add(FakeSource.name("items"));
    run();
    List<String> names = names();

    Result result = look("runs");

    assertThat(result.code()).as(result.err()).isZero();
    List<String> lines = result.out().lines().toList();
    assertThat(lines.get(0)).matches("run +started +outcome +streams +failed +rows +seconds");
    assertThat(lines.get(2))
        .matches(names.get(1) + " +\\S+ \\S+ +failed +1 of 2 +1 +10 +\\d+\\.\\d+");
    assertThat(lines.get(3))
        .matches(names.get(0) + " +\\S+ \\S+ +succeeded +2 of 2 +0 +30 +\\d+\\.\\d+");
    JsonNode json = JSON.readTree(look("runs", "--format", "json").out());
    assertThat(json.get("pipeline").asString()).isEqualTo("shop");
    assertThat(json.at("/runs/0/run").asString()).isEqualTo(names.get(1));
    assertThat(json.at("/runs/0/outcome").asString()).isEqualTo("failed");
    assertThat(json.at("/runs/0/failed").asInt()).isEqualTo(1);
    assertThat(json.at("/runs/1/rows").asInt()).isEqualTo(30);
  }

  @Test
  void aRunThatIsGoingOnIsSaidToBeAndOneThatWasKilledIsNot() throws Exception {
    run();
    List<Result> meanwhile = new ArrayList<>();
    engine.source.onClose =
        () -> {
          synchronized (meanwhile) {
            if (meanwhile.isEmpty()) {
              meanwhile.add(look("runs"));
              meanwhile.add(look("report"));
            }
          }
        };
    run();

    assertThat(meanwhile.get(0).out().lines().toList().get(2))
        .containsPattern(" running +- +- +- +\\d");
    assertThat(meanwhile.get(1).code()).isEqualTo(1);
    assertThat(meanwhile.get(1).err()).contains("is going on", "runtime logs " + file);

    // What a kill leaves.
    Files.delete(runs().resolve(names().getLast()).resolve("report.json"));
    Result killed = look("runs");
    assertThat(killed.out().lines().toList().get(2))
        .containsPattern(" ended without a report \\(killed\\?\\) +- +- +- +-");
    assertThat(look("report").code()).isEqualTo(1);
    assertThat(look("report").err()).contains("has ended without a report");
    assertThat(JSON.readTree(look("runs", "--format=json").out()).at("/runs/0/outcome").asString())
        .isEqualTo("no_report");

    // An older one without a report was killed, whatever goes on now.
    run();
    try (FileStateStore _ = FileStateStore.open(folder.resolve("state"), "shop")) {
      assertThat(look("runs").out().lines().toList().get(3)).contains("ended without a report");
    }
  }

  @Test
  void whoLooksKeepsNoRunFromBeginning() throws Exception {
    run();
    for (int i = 0; i < 3; i++) {
      look("runs");
      assertThat(run().code()).isZero();
    }
  }

  @Test
  void whatIsBrokenOrForeignIsToldAndTheRestIsShown() throws Exception {
    run();
    run();
    run();
    List<String> names = names();
    Files.writeString(runs().resolve(names.get(2)).resolve("report.json"), "{\"pipeline\": ");
    Path other = runs().resolve(names.get(1)).resolve("report.json");
    Files.writeString(other, Files.readString(other).replace("\"shop\",", "\"crm\","));
    Files.writeString(runs().resolve("notes.txt"), "mine");

    Result result = look("runs");

    assertThat(result.code()).isZero();
    assertThat(result.out().lines().toList().get(2)).contains("report cannot be read");
    assertThat(result.out().lines().toList().get(3)).contains("report cannot be read");
    assertThat(result.out().lines().toList().get(4)).contains("succeeded");
    JsonNode json = JSON.readTree(look("runs", "--format", "json").out());
    assertThat(json.at("/runs/0/error").asString()).contains("damaged or cut short");
    assertThat(json.at("/runs/1/error").asString()).contains("is of pipeline 'crm'");
    assertThat(look("report").code()).isEqualTo(1);
    assertThat(look("report").err()).contains("damaged or cut short", "runtime logs");
    assertThat(look("report", names.getFirst()).code()).isZero();
  }

  @Test
  void showsTheReportOfARunWithTheReasons() throws Exception {
    engine.source.unreadable.add(FakeSource.name("items"));
    run();
    engine.source.unreadable.clear();
    run();
    List<String> names = names();

    assertThat(look("report").out())
        .startsWith("run " + names.get(1) + ", started ")
        .containsPattern("public\\.items +FULL_TABLE +done +20 .* complete\n")
        .contains("shop: 2 of 2 streams, 30 rows");
    assertThat(look("report", names.get(0)).out())
        .contains("error: public.items: there is no way to read items\n", "; 1 failed");
    assertThat(look("report", "--format", "json", names.get(0)).out().strip())
        .isEqualTo(Files.readString(runs().resolve(names.get(0)).resolve("report.json")));
    Result unknown = look("report", names.get(0).replace("T", "t"));
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("there is no run '", "runtime runs " + file);
  }

  @Test
  void showsTheLogOfARunFilteredByStreamAndLevel() throws Exception {
    engine.source.unreadable.add(FakeSource.name("items"));
    run();

    Result all = look("logs");
    assertThat(all.code()).as(all.err()).isZero();
    assertThat(all.out())
        .containsPattern(
            "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d INFO  pipeline shop: run begins")
        .contains(
            "INFO  stream public.orders: done, 10 rows", "ERROR stream public.items: there is");
    assertThat(look("logs", "--level", "error").out().lines())
        .singleElement()
        .asString()
        .contains("stream public.items: there is no way to read items");
    assertThat(look("logs", "--stream", "public.ord*").out())
        .contains("stream public.orders: done")
        .doesNotContain("items", "run begins");
    assertThat(look("logs", "--stream", "shop.public.items", "--level", "WARN").out())
        .contains("public.items");
    assertThat(look("logs", "--debug", "--level", "error").out()).contains("\tat ");
    for (String line : look("logs", "--format", "json").out().lines().toList()) {
      assertThat(JSON.readTree(line).has("message")).isTrue();
    }
    assertThat(look("logs", "--stream", "items").code()).isEqualTo(2);
    assertThat(look("logs", "--level", "loud").code()).isEqualTo(2);
  }

  @Test
  void toFollowTheLogOfARunThatHasEndedIsToShowIt() throws Exception {
    run();
    assertThat(look("logs", "--follow").out()).isEqualTo(look("logs").out());
  }

  @Test
  void aPipelineThatHasNotRunHasNoRuns() throws Exception {
    Result none = look("runs");
    assertThat(none.code()).isZero();
    assertThat(none.out()).contains("pipeline shop has no run yet");
    assertThat(JSON.readTree(look("runs", "--format=json").out()).get("runs")).isEmpty();
    for (String command : List.of("report", "logs")) {
      Result result = look(command);
      assertThat(result.code()).isEqualTo(1);
      assertThat(result.err()).contains("has no run in", "runtime run " + file);
      assertThat(look(command, "x").code()).isEqualTo(2);
    }
    assertThat(folder.resolve("state")).doesNotExist();
  }

  @Test
  void lookingAsksForNoSecretAndNoPlugin() throws Exception {
    run();
    Path witness = folder.resolve("asked");
    Files.writeString(
        file,
        """
        source: {type: gone, password: {command: [/usr/bin/touch, "%s"]}, user: "${env:NOT_SET}"}
        streams: [{table: "public.*", what: 7}]
        sink: {type: gone, token: "${file:not-there}"}
        state: state
        """
            .formatted(witness));

    for (String command : List.of("runs", "report", "logs")) {
      Result result = look(command);
      assertThat(result.code()).as(result.err()).isZero();
    }

    assertThat(witness).doesNotExist();
    Files.writeString(file, "name: 'a b'\nstate: '${env:NOT_SET}'\n");
    Result wrong = look("runs");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err().lines())
        .anyMatch(line -> line.contains("shop.yaml:1:1: the pipeline's name 'a b'"))
        .anyMatch(line -> line.contains("shop.yaml:2:8: the environment variable 'NOT_SET'"));
  }
}
