package dev.tapline.cli.output;

import dev.tapline.cli.logging.Secrets;
import dev.tapline.cli.text.Json;
import dev.tapline.cli.text.TextTable;
import dev.tapline.engine.Pipeline;
import dev.tapline.engine.plan.DryRun;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes down what a run would do.
public final class DryRunText {
  private DryRunText() {}

  public static String json(Pipeline pipeline, DryRun.Outline outline, boolean continuous) {
    ObjectNode root = Json.object().put("pipeline", pipeline.name()).put("continuous", continuous);
    ArrayNode problems = root.putArray("problems");
    outline.problems().forEach(problem -> problems.add(Secrets.mask(problem)));
    ArrayNode warnings = root.putArray("warnings");
    outline.warnings().forEach(warning -> warnings.add(Secrets.mask(warning)));
    ArrayNode streams = root.putArray("streams");
    for (DryRun.Step step : outline.steps()) {
      ObjectNode position =
          Json.name(streams.addObject(), step.stream().name(), step.label())
              .put("destination", step.stream().destination())
              .put("method", step.stream().method())
              .put("begins", step.begins())
              .put("reads", step.reads())
              .put("selected_by", step.why())
              .put("error", step.problem().isEmpty() ? null : Secrets.mask(step.problem()))
              .putObject("bookmark");
      step.from().entries().forEach(position::put);
    }
    return Json.text(root);
  }

  public static String of(Pipeline pipeline, DryRun.Outline outline, boolean continuous) {
    TextTable table =
        TextTable.of("stream", "method", "begins", "reads", "destination", "selected by");
    StringBuilder problems = new StringBuilder();
    for (DryRun.Step step : outline.steps()) {
      table.row(
          step.label(),
          step.stream().method(),
          step.begins(),
          step.reads(),
          step.stream().destination(),
          step.why());
      if (!step.problem().isEmpty()) {
        problems.append(step.label()).append(": ").append(step.problem()).append('\n');
      }
    }
    outline.problems().forEach(problem -> problems.append(problem).append('\n'));
    int count = outline.steps().size();
    String summary =
        "%s: %s%s; nothing was read or written%n"
            .formatted(
                pipeline.name(),
                count == 1 ? "1 stream" : count + " streams",
                continuous ? ", whose logs would be followed until the run is stopped" : "");
    return Secrets.mask(
        (outline.steps().isEmpty() ? "" : table.toString())
            + summary
            + (outline.warnings().isEmpty()
                ? ""
                : "\nTo know:\n" + String.join("\n", outline.warnings()).indent(2))
            + (problems.isEmpty() ? "" : "\nIn the way:\n" + problems.toString().indent(2)));
  }
}
