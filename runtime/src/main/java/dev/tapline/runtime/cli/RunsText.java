package dev.tapline.runtime.cli;

import dev.tapline.runtime.report.Amounts;
import dev.tapline.runtime.report.RunSummary;
import dev.tapline.runtime.report.Table;
import dev.tapline.runtime.runs.KeptRun;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes runs down.
final class RunsText {
  private static final double MILLIS = 1000.0;

  private RunsText() {}

  static String table(String pipeline, Path folder, List<KeptRun> runs, Instant now) {
    if (runs.isEmpty()) {
      return "pipeline %s has no run yet; its runs will be in %s%n".formatted(pipeline, folder);
    }
    Table table = Table.of("run", "started", "outcome", ">streams", ">failed", ">rows", ">seconds");
    for (KeptRun run : runs) {
      Optional<RunSummary> numbers = run.summary();
      table.row(
          run.name(),
          Amounts.time(run.startedAt()),
          run.state().said(),
          numbers.map(RunsText::streams).orElse("-"),
          numbers.map(each -> Amounts.count(each.failed() + each.problems())).orElse("-"),
          numbers.map(each -> Amounts.count(each.rows())).orElse("-"),
          time(run, now).map(Amounts::seconds).orElse("-"));
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

  static String json(String pipeline, List<KeptRun> runs, Instant now) {
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
