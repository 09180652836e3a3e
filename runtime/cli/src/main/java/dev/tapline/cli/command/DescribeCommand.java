package dev.tapline.cli.command;

import dev.tapline.cli.options.FormatOption;
import dev.tapline.cli.options.UsageException;
import dev.tapline.cli.output.KeyReference;
import dev.tapline.cli.output.PluginsText;
import dev.tapline.plugins.LoadedPlugins;
import dev.tapline.plugins.Plugin;
import dev.tapline.plugins.PluginKind;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `runtime plugins describe`.
@Command(
    name = "describe",
    description = "Prints the keys of a plug-in's section in the descriptor.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  runtime plugins describe source postgres",
      "  runtime plugins describe method FULL_TABLE",
      "  runtime plugins describe --format json sink jsonl"
    })
public final class DescribeCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(paramLabel = "KIND", index = "0", description = "source, method or sink.")
  private PluginKind kind = PluginKind.SOURCE;

  @Parameters(
      paramLabel = "NAME",
      index = "1",
      description = "The name, as 'runtime plugins' lists it.")
  private String name = "";

  @Mixin private FormatOption format = new FormatOption();

  public DescribeCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    LoadedPlugins plugins = context.plugins();
    Plugin plugin =
        plugins.find(kind, name).orElseThrow(() -> new UsageException(plugins.missing(kind, name)));
    context.out().print(format.isJson() ? PluginsText.json(plugin) : KeyReference.text(plugin));
    return 0;
  }
}
