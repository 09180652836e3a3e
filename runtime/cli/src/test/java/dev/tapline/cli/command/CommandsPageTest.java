package dev.tapline.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.cli.command.InProcess.Result;
import dev.tapline.engine.run.EngineFixture;
import dev.tapline.engine.run.FakeSource;
import dev.tapline.plugins.FaultyPlugins;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `docs/commands.md` has every command, and every field that a program can get.
class CommandsPageTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern COMMAND = Pattern.compile("(?m)^  ([a-z]+) {2,}\\S");

  @TempDir Path folder;

  private static String page() throws IOException {
    return Files.readString(Path.of("..", "..", "docs", "commands.md"));
  }

  @Test
  void hasEveryCommand() throws Exception {
    String page = page();
    String help =
        InProcess.run(new FaultyPlugins().of(new EngineFixture(folder)), "--help")
            .out()
            .split("Commands:")[1];
    Matcher command = COMMAND.matcher(help.split("Examples:")[0]);
    TreeSet<String> commands = new TreeSet<>();
    while (command.find()) {
      commands.add(command.group(1));
    }
    assertThat(commands).contains("run", "runs", "report", "logs", "completion");
    assertThat(commands).allSatisfy(name -> assertThat(page).contains("`runtime " + name));
  }

  @Test
  void hasEveryFieldOfTheAnswersForPrograms() throws Exception {
    EngineFixture engine = new EngineFixture(folder);
    engine.source.table("orders", 10).table("bad", 10);
    engine.source.unreadable.add(FakeSource.name("bad"));
    String file =
        Files.writeString(
                folder.resolve("shop.yaml"),
                """
                source: {type: fake}
                method: LOG_BASED
                streams: [{table: "public.*"}, {table: public.none}]
                sink: {type: fake}
                """)
            .toString();
    TreeSet<String> fields = new TreeSet<>();
    for (List<String> call :
        List.of(
            List.of("run", "--format", "json", file),
            List.of("run", "--format", "json", "--dry-run", file),
            List.of("runs", "--format", "json", file),
            List.of("report", "--format", "json", file),
            List.of("check", "--format", "json", file),
            List.of("discover", "--format", "json", file),
            List.of("slots", "--format", "json", file),
            List.of("plugins", "--format", "json"),
            List.of("plugins", "describe", "--format", "json", "sink", "fake"),
            List.of("reset", "--format", "json", "--all", file))) {
      Result result = InProcess.run(new FaultyPlugins().of(engine), call.toArray(String[]::new));
      assertThat(result.out()).as("%s: %s", call, result.err()).isNotEmpty();
      collect(JSON.readTree(result.out()), fields);
    }
    for (String line :
        InProcess.run(new FaultyPlugins().of(engine), "logs", "--format", "json", file)
            .out()
            .lines()
            .toList()) {
      collect(JSON.readTree(line), fields);
    }
    assertThat(fields).contains("outcome", "selected_by", "followed", "severity", "kind", "label");
    String page = page();
    assertThat(fields)
        .allSatisfy(field -> assertThat(page).containsPattern("`" + field + "(\\[])?`"))
        .allSatisfy(field -> assertThat(field).matches("[a-z_]+"));
  }

  // What a position has is its source's.
  private static void collect(JsonNode node, TreeSet<String> fields) {
    node.properties()
        .forEach(field -> {
          fields.add(field.getKey());
          if (!field.getKey().equals("bookmark")) {
            collect(field.getValue(), fields);
          }
        });
    if (node.isArray()) {
      node.forEach(element -> collect(element, fields));
    }
  }
}
