package dev.tapline.cli.options;

import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/// The descriptor, as every command about a pipeline takes it.
public final class DescriptorArgument {
  @Parameters(paramLabel = "PIPELINE", description = "The descriptor, as in pipeline.yaml.")
  private Path path = Path.of("");

  public Path path() {
    return path;
  }
}
