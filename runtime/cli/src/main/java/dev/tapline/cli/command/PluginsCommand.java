package dev.tapline.cli.command;

import dev.tapline.cli.options.FormatOption;
import dev.tapline.cli.output.PluginsText;
import dev.tapline.plugins.LoadedPlugins;
import dev.tapline.plugins.PluginProblem;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `runtime plugins`.
@Command(
    name = "plugins",
    description = "Lists the sources, replication methods and sinks that are installed.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  runtime plugins",
      "  runtime plugins --format json",
      "  runtime plugins describe sink jsonl",
      "  runtime plugins schema > descriptor.schema.json",
      "",
      "A plug-in is a jar, or a folder of jars, in the folder 'plugins' of the distribution or in one",
      "named by --plugins. Exit codes: 0 all well; 1 a plug-in cannot be used."
    })
public final class PluginsCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger("plugins");

  private final CommandContext context;

  @Mixin private FormatOption format = new FormatOption();

  public PluginsCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    LoadedPlugins plugins = context.allPlugins();
    context.out().print(format.isJson() ? PluginsText.json(plugins) : PluginsText.table(plugins));
    boolean usable = true;
    for (PluginProblem problem : plugins.problems()) {
      if (problem.effect() == PluginProblem.Effect.NONE) {
        LOG.warn("{}", problem);
      } else {
        LOG.error("{}", problem);
        usable = false;
      }
    }
    return usable ? 0 : 1;
  }
}
