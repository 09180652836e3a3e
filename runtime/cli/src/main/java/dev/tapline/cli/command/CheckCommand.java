package dev.tapline.cli.command;

import dev.tapline.cli.descriptor.Descriptor;
import dev.tapline.cli.options.DescriptorArgument;
import dev.tapline.cli.options.FormatOption;
import dev.tapline.cli.text.Json;
import dev.tapline.plugins.LoadedPlugins;
import dev.tapline.spi.catalog.Finding.Severity;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.node.ArrayNode;

/// `runtime check`.
@Command(
    name = "check",
    description =
        "Looks whether everything is there that a run needs, and says what to do where it is not. Changes nothing.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  runtime check pipeline.yaml",
      "  runtime check --format json pipeline.yaml",
      "",
      "Exit codes: 0 no error found; 1 an error; 2 the descriptor is wrong."
    })
public final class CheckCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private DescriptorArgument descriptor = new DescriptorArgument();

  @Mixin private FormatOption format = new FormatOption();

  public CheckCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    LoadedPlugins plugins = context.plugins();
    Descriptor read = context.descriptor(descriptor.path(), plugins);
    List<CheckResult> results = new PipelineCheck(read, plugins).results();
    if (format.isJson()) {
      context.out().print(json(results));
    } else {
      results.forEach(result -> print(result, context.out()));
    }
    return results.stream().anyMatch(result -> result.severity() == Severity.ERROR) ? 1 : 0;
  }

  private static void print(CheckResult result, PrintStream out) {
    String color =
        switch (result.severity()) {
          case OK -> "green";
          case WARNING -> "yellow";
          case ERROR -> "red";
        };
    String word = String.format(Locale.ROOT, "%-7s", word(result));
    out.println(
        Ansi.AUTO.string("@|" + color + " " + word + "|@")
            + " "
            + result.subject()
            + ": "
            + result.message());
    result.remedy().lines().forEach(line -> out.println("        " + line));
  }

  private static String json(List<CheckResult> results) {
    ArrayNode list = Json.list();
    for (CheckResult result : results) {
      list.addObject()
          .put("severity", word(result))
          .put("subject", result.subject())
          .put("message", result.message())
          .put("remedy", result.remedy());
    }
    return Json.text(list);
  }

  private static String word(CheckResult result) {
    return result.severity().name().toLowerCase(Locale.ROOT);
  }
}
