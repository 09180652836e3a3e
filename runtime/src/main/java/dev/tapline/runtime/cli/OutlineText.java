package dev.tapline.runtime.cli;

import dev.tapline.runtime.descriptor.Pipeline;
import dev.tapline.runtime.engine.DryRun;
import dev.tapline.runtime.logging.Secrets;
import dev.tapline.runtime.report.Table;

/// Writes down what a run would do.
final class OutlineText {
  private OutlineText() {}

  static String of(Pipeline pipeline, DryRun.Outline outline) {
    Table table = Table.of("stream", "method", "begins", "reads", "destination", "selected by");
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
    String summary =
        "%s: %d streams; nothing was read or written%n"
            .formatted(pipeline.name(), outline.steps().size());
    return Secrets.mask(
        (outline.steps().isEmpty() ? "" : table.toString())
            + summary
            + (problems.isEmpty() ? "" : "\nIn the way:\n" + problems.toString().indent(2)));
  }
}
