package dev.tapline.cli.options;

import picocli.CommandLine.Option;

/// How the command writes its answer, for those that write it for people or for programs.
public final class FormatOption {
  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text, or json (docs/commands.md says what it holds). Default: text.")
  private OutputFormat format = OutputFormat.TEXT;

  public boolean isJson() {
    return format == OutputFormat.JSON;
  }
}
