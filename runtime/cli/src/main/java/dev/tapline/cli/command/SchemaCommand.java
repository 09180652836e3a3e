package dev.tapline.cli.command;

import dev.tapline.cli.descriptor.DescriptorSchema;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `runtime plugins schema`.
@Command(
    name = "schema",
    description = {
      "Prints a JSON Schema of descriptors, with the keys of every plug-in that is installed.",
      "An editor that has it completes keys and marks wrong ones."
    },
    footerHeading = "%nExample:%n",
    footer = "  runtime plugins schema > descriptor.schema.json")
public final class SchemaCommand implements Callable<Integer> {
  private final CommandContext context;

  public SchemaCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    context.out().print(DescriptorSchema.of(context.plugins()));
    return 0;
  }
}
