package dev.tapline.cli.command;

import dev.tapline.cli.options.UsageException;
import dev.tapline.cli.text.HumanReadable;
import dev.tapline.engine.Pipeline;
import dev.tapline.engine.PluginFactory;
import dev.tapline.plugins.LoadedPlugins;
import dev.tapline.spi.config.Nearest;
import dev.tapline.spi.source.ReplicationSlots;
import dev.tapline.spi.source.Slot;
import dev.tapline.spi.source.Source;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `runtime slots drop`.
@Command(
    name = "drop",
    description = {
      "Removes a replication slot from the source's server, after asking.",
      "What its reader has not read yet is then lost to it; the server can recycle the log that it kept."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  runtime slots drop pipeline.yaml tapline_shop",
      "  runtime slots drop --yes pipeline.yaml tapline_shop",
      "",
      "Exit codes: 0 dropped; 1 not dropped; 2 the descriptor or the call is wrong."
    })
public final class DropSlotCommand implements Callable<Integer> {
  private final CommandContext context;

  @Parameters(
      paramLabel = "PIPELINE",
      index = "0",
      description = "The descriptor, as in pipeline.yaml.")
  private Path descriptor = Path.of("");

  @Parameters(
      paramLabel = "NAME",
      index = "1",
      description = "The slot's name, as 'runtime slots' lists it.")
  private String name = "";

  @Option(names = "--yes", description = "Do not ask.")
  private boolean yes;

  public DropSlotCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    LoadedPlugins plugins = context.plugins();
    Pipeline pipeline = context.descriptor(descriptor, plugins).pipeline();
    try (Source source = PluginFactory.source(pipeline, plugins)) {
      ReplicationSlots slots = SlotsCommand.slotsOf(pipeline, source);
      Slot slot = find(slots.slots());
      if (!yes && !isWanted(slot)) {
        context.out().println("slot '" + name + "' stays");
        return 1;
      }
      slots.dropSlot(name);
      context.out().println("slot '" + name + "' of database '" + slot.database() + "' is dropped");
      if (slot.own()) {
        context
            .out()
            .println(
                "the streams that followed it have lost their place: 'runtime reset --all %s' lets them begin anew"
                    .formatted(descriptor));
      }
    }
    return 0;
  }

  private Slot find(List<Slot> slots) throws UsageException {
    return slots.stream()
        .filter(slot -> slot.name().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new UsageException(
                "there is no replication slot '"
                    + name
                    + "'"
                    + Nearest.hint(name, slots.stream().map(Slot::name).toList())
                    + "; 'runtime slots' lists those that there are"));
  }

  @SuppressWarnings("SystemConsoleNull") // it is null where the provider of consoles is left out
  private static boolean isWanted(Slot slot) throws UsageException {
    Console console = System.console();
    if (console == null || !console.isTerminal()) {
      throw new UsageException(
          "there is no terminal to ask on whether to drop '" + slot.name() + "'; add --yes");
    }
    String answer =
        console.readLine(
            "Drop the slot '%s' of database '%s'%s%s? Its reader loses what it has not read yet. [y/N] ",
            slot.name(),
            slot.database(),
            slot.own() ? ", which this pipeline reads" : ", which is not this pipeline's",
            slot.heldBytes().isPresent()
                ? " and which holds " + HumanReadable.bytes(slot.heldBytes().getAsLong())
                : "");
    return answer != null && List.of("y", "yes").contains(answer.strip().toLowerCase(Locale.ROOT));
  }
}
