package dev.tapline.cli.command;

import dev.tapline.cli.descriptor.Descriptor;
import dev.tapline.cli.options.DescriptorArgument;
import dev.tapline.cli.options.FormatOption;
import dev.tapline.cli.text.Json;
import dev.tapline.plugins.LoadedPlugins;
import dev.tapline.spi.Finding;
import dev.tapline.spi.Finding.Severity;
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
    List<Finding> findings = new PipelineCheck(read, plugins).findings();
    if (format.isJson()) {
      context.out().print(json(findings));
    } else {
      findings.forEach(finding -> print(finding, context.out()));
    }
    return findings.stream().anyMatch(finding -> finding.severity() == Severity.ERROR) ? 1 : 0;
  }

  private static void print(Finding finding, PrintStream out) {
    String color =
        switch (finding.severity()) {
          case OK -> "green";
          case WARNING -> "yellow";
          case ERROR -> "red";
        };
    String word = String.format(Locale.ROOT, "%-7s", word(finding));
    out.println(
        Ansi.AUTO.string("@|" + color + " " + word + "|@")
            + " "
            + finding.subject()
            + ": "
            + finding.message());
    finding.remedy().lines().forEach(line -> out.println("        " + line));
  }

  private static String json(List<Finding> findings) {
    ArrayNode list = Json.list();
    for (Finding finding : findings) {
      list.addObject()
          .put("severity", word(finding))
          .put("subject", finding.subject())
          .put("message", finding.message())
          .put("remedy", finding.remedy());
    }
    return Json.text(list);
  }

  private static String word(Finding finding) {
    return finding.severity().name().toLowerCase(Locale.ROOT);
  }
}
