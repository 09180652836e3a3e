package dev.tapline.runtime.cli;

import dev.tapline.runtime.report.Amounts;
import dev.tapline.runtime.report.RunReport;
import dev.tapline.runtime.report.Table;
import dev.tapline.runtime.runs.KeptRun;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes runs down.
final class RunsText {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
          .withZone(ZoneId.systemDefault());
  private static final double MILLIS = 1000.0;

  private RunsText() {}

  static String table(String pipeline, Path folder, List<KeptRun> runs, Instant now) {
    if (runs.isEmpty()) {
      return "pipeline %s has no run yet; its runs will be in %s%n".formatted(pipeline, folder);
    }
    Table table = Table.of("run", "started", "outcome", ">streams", ">failed", ">rows", ">seconds");
    for (KeptRun run : runs) {
      Optional<RunReport> report = run.report();
      table.row(
          run.name(),
          started(run),
          run.state().said(),
          report.map(RunsText::streams).orElse("-"),
          report.map(each -> Amounts.count(each.failed() + each.problems().size())).orElse("-"),
          report.map(each -> Amounts.count(each.rows())).orElse("-"),
          time(run, now).map(Amounts::seconds).orElse("-"));
    }
    return table.toString();
  }

  /// When a run began, on this machine's clock.
  static String started(KeptRun run) {
    return TIME.format(run.startedAt());
  }

  private static String streams(RunReport report) {
    long done = report.followed() > 0 ? report.done() + report.followed() : report.done();
    return "%d of %d".formatted(done, report.streams().size());
  }

  private static Optional<Duration> time(KeptRun run, Instant now) {
    return run.state() == KeptRun.State.RUNNING
        ? Optional.of(Duration.between(run.startedAt(), now))
        : run.report().map(RunReport::time);
  }

  static String json(String pipeline, List<KeptRun> runs, Instant now) {
    ObjectNode root = Json.object().put("pipeline", pipeline);
    ArrayNode list = root.putArray("runs");
    for (KeptRun run : runs) {
      ObjectNode node =
          list.addObject()
              .put("run", run.name())
              .put("started_at", run.startedAt().toString())
              .put("ended_at", run.report().map(report -> report.endedAt().toString()).orElse(null))
              .put("outcome", run.state().word());
      time(run, now).ifPresent(time -> node.put("seconds", time.toMillis() / MILLIS));
      run.report()
          .ifPresent(report ->
              node.put("streams", report.streams().size())
                  .put("done", report.done())
                  .put("followed", report.followed())
                  .put("failed", report.failed())
                  .put("problems", report.problems().size())
                  .put("rows", report.rows())
                  .put("bytes", report.bytes()));
      if (!run.problem().isEmpty()) {
        node.put("error", run.problem());
      }
    }
    return Json.text(root);
  }
}
