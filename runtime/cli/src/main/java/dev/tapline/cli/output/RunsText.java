package dev.tapline.cli.output;

import dev.tapline.cli.report.RunSummary;
import dev.tapline.cli.runs.KeptRun;
import dev.tapline.cli.text.HumanReadable;
import dev.tapline.cli.text.Json;
import dev.tapline.cli.text.TextTable;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes runs down.
public final class RunsText {
  private static final double MILLIS = 1000.0;

  private RunsText() {}

  public static String table(String pipeline, Path folder, List<KeptRun> runs, Instant now) {
    if (runs.isEmpty()) {
      return "pipeline %s has no run yet; its runs will be in %s%n".formatted(pipeline, folder);
    }
    TextTable table =
        TextTable.of("run", "started", "outcome", ">streams", ">failed", ">rows", ">seconds");
    for (KeptRun run : runs) {
      Optional<RunSummary> numbers = run.summary();
      table.row(
          run.name(),
          HumanReadable.time(run.startedAt()),
          run.state().said(),
          numbers.map(RunsText::streams).orElse("-"),
          numbers.map(each -> HumanReadable.count(each.failed() + each.problems())).orElse("-"),
          numbers.map(each -> HumanReadable.count(each.rows())).orElse("-"),
          time(run, now).map(HumanReadable::seconds).orElse("-"));
    }
    return table.toString();
  }

  private static String streams(RunSummary numbers) {
    return "%d of %d".formatted(numbers.done() + numbers.followed(), numbers.streams());
  }

  private static Optional<Duration> time(KeptRun run, Instant now) {
    return run.state() == KeptRun.State.RUNNING
        ? Optional.of(Duration.between(run.startedAt(), now))
        : run.summary().map(RunSummary::time);
  }

  public static String json(String pipeline, List<KeptRun> runs, Instant now) {
    ObjectNode root = Json.object().put("pipeline", pipeline);
    ArrayNode list = root.putArray("runs");
    for (KeptRun run : runs) {
      ObjectNode node =
          list.addObject()
              .put("run", run.name())
              .put("started_at", run.startedAt().toString())
              .put(
                  "ended_at",
                  run.summary().map(numbers -> numbers.endedAt().toString()).orElse(null))
              .put("outcome", run.state().word());
      time(run, now).ifPresent(time -> node.put("seconds", time.toMillis() / MILLIS));
      run.summary()
          .ifPresent(numbers ->
              node.put("streams", numbers.streams())
                  .put("done", numbers.done())
                  .put("followed", numbers.followed())
                  .put("failed", numbers.failed())
                  .put("problems", numbers.problems())
                  .put("rows", numbers.rows())
                  .put("bytes", numbers.bytes()));
      if (!run.problem().isEmpty()) {
        node.put("error", run.problem());
      }
    }
    return Json.text(root);
  }
}
