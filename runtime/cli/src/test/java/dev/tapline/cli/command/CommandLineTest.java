package dev.tapline.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.cli.TestDistribution;
import dev.tapline.cli.TestDistribution.Result;
import dev.tapline.cli.TestPlugin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The commands as a user calls them.
class CommandLineTest {
  @TempDir private static Path temporary;
  private static TestDistribution distribution;

  @BeforeAll
  static void assemble() throws Exception {
    distribution = TestDistribution.in(temporary.resolve("home"));
    TestPlugin.source("one", "one").packTo(distribution.plugins().resolve("one.jar"));
    TestPlugin.sink("drop", "drop").packTo(distribution.plugins().resolve("drop.jar"));
  }

  @Test
  void saysItsVersion() throws Exception {
    Result result = distribution.run("--version");
    assertThat(result.code()).isZero();
    assertThat(result.out()).startsWith("Tapline 0.");
  }

  @Test
  void helpsEverywhere() throws Exception {
    assertThat(distribution.run("--help").out())
        .contains("Usage: runtime")
        .contains("check")
        .contains("discover")
        .contains("completion")
        .contains("Examples:");
    assertThat(distribution.run("plugins", "describe", "--help").out())
        .contains("Usage: runtime plugins describe")
        .contains("Examples:");
  }

  @Test
  void suggestsTheNearestCommandAndOption() throws Exception {
    Result command = distribution.run("chek", "pipeline.yaml");
    assertThat(command.code()).isEqualTo(2);
    assertThat(command.out()).isEmpty();
    assertThat(command.err())
        .startsWith("runtime: unknown command 'chek'; did you mean 'check'?\n");
    Result option = distribution.run("check", "--fromat", "json", "pipeline.yaml");
    assertThat(option.code()).isEqualTo(2);
    assertThat(option.err())
        .startsWith("runtime check: unknown option '--fromat'; did you mean '--format'?\n");
    assertThat(distribution.run().code()).isEqualTo(2);
  }

  @Test
  void reportsADescriptorWithPlacesAndCode2() throws Exception {
    Path file = write("bad.yaml", "source: {type: one}\nsink: {type: dorp}\nstream: []\n");
    Result result = distribution.run("check", file.toString());
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines())
        .containsExactly(
            file + ":2:8: sink: there is no sink 'dorp'; did you mean 'drop'?; there is drop",
            file + ":3:1: unknown key 'stream'; did you mean 'streams'?");
  }

  @Test
  void checksAndMasksSecretsWhereverTheyTurnUp() throws Exception {
    distribution.environment("PW", "s3cr3t-word");
    Path file = pipeline("check.yaml", "source: {type: one, password: '${env:PW}'}\n");
    Result result = distribution.run("check", file.toString());
    assertThat(result.code()).isZero();
    assertThat(result.out())
        .contains("ok      connection: works with ***")
        .contains("ok      streams: 1 selected for replication");
    assertThat(result.err()).contains("INFO  connecting with ***");
    assertThat(result.out() + result.err()).doesNotContain("s3cr3t");
    Result json =
        distribution.run("check", "--format", "json", "--log-format=json", file.toString());
    JsonNode first = new JsonMapper().readTree(json.out()).get(0);
    assertThat(first.get("severity").asString()).isEqualTo("ok");
    assertThat(new JsonMapper().readTree(json.err()).get("message").asString())
        .isEqualTo("connecting with ***");
  }

  @Test
  void failsInOneSentenceAndWithATraceWhenAsked() throws Exception {
    Path file =
        pipeline("fail.yaml", "source: {type: one, password: s3cr3t-word, fail: no route}\n");
    Result result = distribution.run("discover", "--log-level=warn", file.toString());
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).isEqualTo("runtime: no route\n");
    Result traced = distribution.run("discover", "--log-level=warn", "--debug", file.toString());
    assertThat(traced.err())
        .contains("Caused by: java.io.IOException: refused ***")
        .contains("\tat one/one.Sources")
        .doesNotContain("s3cr3t");
    Result checked = distribution.run("check", file.toString());
    assertThat(checked.out()).contains("error   source 'one': no route");
    assertThat(checked.code()).isEqualTo(1);
  }

  @Test
  void checkSaysWhatAPatternMisses() throws Exception {
    Path file =
        write(
            "miss.yaml",
            "source: {type: one}\nstreams:\n  - table: public.order\nsink: {type: drop}\n");
    Result result = distribution.run("check", file.toString());
    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out())
        .contains("error   public.order: there is no table 'public.order'")
        .contains("\n        see " + file + ":3:5");
  }

  @Test
  void discovers() throws Exception {
    Path file = pipeline("discover.yaml", "source: {type: one}\n");
    assertThat(distribution.run("discover", file.toString()).out())
        .containsPattern("shop\\.public\\.orders +table +1 +id +1,234,567 +5\\.0 MB");
    assertThat(distribution.run("discover", "--columns", file.toString()).out())
        .contains("shop.public.orders (table, ~1,234,567 rows, 5.0 MB)")
        .containsPattern("id +bigint +no +1");
    JsonNode json =
        new JsonMapper()
            .readTree(distribution.run("discover", "--format=json", file.toString()).out());
    assertThat(json.get(0).get("columns").get(0).get("type").asString()).isEqualTo("bigint");
  }

  @Test
  void listsReplicationSlots() throws Exception {
    Path file = pipeline("slots.yaml", "source: {type: one}\n");
    assertThat(distribution.run("slots", file.toString()).out())
        .containsPattern(
            "tapline_shop +shop +pgoutput +this pipeline +0/16B3748 +5\\.0 MB +reserved")
        .containsPattern("other +shop +wal2json +4711 +0/15");
    JsonNode json =
        new JsonMapper()
            .readTree(distribution.run("slots", "--format=json", file.toString()).out());
    assertThat(json.get(0).get("held_bytes").asLong()).isEqualTo(5 << 20);
    assertThat(json.get(0).get("own").asBoolean()).isTrue();
    assertThat(json.get(1).get("active_pid").asLong()).isEqualTo(4711);
    Result missing = distribution.run("slots");
    assertThat(missing.code()).isEqualTo(2);
    assertThat(missing.err()).startsWith("runtime slots: the descriptor is missing");
  }

  @Test
  void dropsAReplicationSlotOnlyWhenToldTo() throws Exception {
    String file = pipeline("drop.yaml", "source: {type: one}\n").toString();

    Result unasked = distribution.run("slots", "drop", file, "tapline_shop");
    assertThat(unasked.code()).isEqualTo(2);
    assertThat(unasked.err())
        .contains("there is no terminal to ask on", "add --yes")
        .doesNotContain("dropping");

    Result dropped = distribution.run("slots", "drop", "--yes", file, "tapline_shop");
    assertThat(dropped.code()).isZero();
    assertThat(dropped.err()).contains("dropping tapline_shop");
    assertThat(dropped.out()).contains("is dropped", "runtime reset --all " + file);

    Result busy = distribution.run("slots", "drop", "--yes", file, "other");
    assertThat(busy.code()).isEqualTo(1);
    assertThat(busy.err()).contains("is active for PID 4711; stop its reader first");
    Result unknown = distribution.run("slots", "drop", "--yes", file, "tapline_shpo");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("did you mean 'tapline_shop'?");
  }

  @Test
  void resetsStreamsByForgettingTheirState() throws Exception {
    String file = pipeline("reset.yaml", "source: {type: one}\n").toString();
    Path state = temporary.resolve(".tapline/reset.json");
    Files.createDirectories(state.getParent());
    String stream =
        "{\"database\":\"shop\",\"schema\":\"public\",\"name\":\"%s\",\"method\":\"LOG_BASED\",\"destination\":\"public__%s\",\"generation\":7,\"position\":{\"lsn\":\"0/%s\"},\"updated_at\":\"2026-11-20T00:00:00Z\"}";
    Files.writeString(
        state,
        "{\"version\":1,\"pipeline\":\"reset\",\"checkpoint\":3,\"streams\":["
            + stream.formatted("orders", "orders", "1")
            + ","
            + stream.formatted("items", "items", "2")
            + "]}");

    assertThat(distribution.run("slots", file).out())
        .contains("public.orders stands at lsn=0/1\n", "public.items stands at lsn=0/2\n");
    assertThat(distribution.run("reset", file).code()).as("which ones?").isEqualTo(2);
    Result unknown = distribution.run("reset", "--stream", "public.ordres", file);
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("did you mean 'public.orders'?");

    Result one = distribution.run("reset", "--stream", "public.ord*", file);
    assertThat(one.code()).as(one.err()).isZero();
    assertThat(one.out())
        .isEqualTo(
            "public.orders begins anew with the next run, which replaces 'public__orders'\n");
    assertThat(Files.readString(state)).contains("items").doesNotContain("orders");

    assertThat(distribution.run("reset", "--all", file).out()).contains("public.items begins anew");
    assertThat(Files.readString(state)).contains("\"checkpoint\" : 3").doesNotContain("items");
  }

  @Test
  void printsTheSchemaOfTheInstalledPlugins() throws Exception {
    JsonNode schema = new JsonMapper().readTree(distribution.run("plugins", "schema").out());
    assertThat(schema.at("/properties/sink/properties/type/enum/0").asString()).isEqualTo("drop");
  }

  @Test
  void printsACompletionScriptThatBashUnderstands() throws Exception {
    Path script = write("completion.bash", distribution.run("completion").out());
    Process bash =
        new ProcessBuilder(
                "bash",
                "-c",
                "source "
                    + script
                    + "; COMP_WORDS=(runtime ch) COMP_CWORD=1; _complete_runtime; echo \"${COMPREPLY[@]}\"; COMP_WORDS=(runtime slots dr) COMP_CWORD=2; _complete_runtime; echo \"${COMPREPLY[@]}\"; COMP_WORDS=(runtime logs --f) COMP_CWORD=2; _complete_runtime; echo \"${COMPREPLY[@]}\"")
            .redirectErrorStream(true)
            .start();
    assertThat(bash.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(new String(bash.getInputStream().readAllBytes()))
        .contains("check", "drop", "--follow", "--format");
  }

  private static Path pipeline(String name, String source) throws Exception {
    return write(name, source + "streams:\n  - table: public.*\nsink: {type: drop}\n");
  }

  private static Path write(String name, String text) throws Exception {
    return Files.writeString(temporary.resolve(name), text);
  }
}
