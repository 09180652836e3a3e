package dev.tapline.runtime.cli;

import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/// The descriptor, as every command about a pipeline takes it.
final class DescriptorArgument {
  @Parameters(paramLabel = "PIPELINE", description = "The descriptor, as in pipeline.yaml.")
  private Path path = Path.of("");

  Path path() {
    return path;
  }
}
