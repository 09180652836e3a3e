package dev.tapline.cli.options;

import dev.tapline.cli.descriptor.StateLocation;
import dev.tapline.cli.runs.KeptRun;
import dev.tapline.cli.runs.KeptRuns;
import dev.tapline.spi.config.Nearest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Parameters;

/// A pipeline and one of its runs, as the commands that look at a run take them.
public final class RunArguments {
  @Parameters(
      paramLabel = "PIPELINE",
      index = "0",
      description = "The descriptor, as in pipeline.yaml.")
  private Path descriptor = Path.of("");

  @Parameters(
      paramLabel = "RUN",
      index = "1",
      arity = "0..1",
      description = "The run, as 'runtime runs' calls it. Default: the newest.")
  private Optional<String> name = Optional.empty();

  public Path descriptor() {
    return descriptor;
  }

  /// The run that is meant.
  ///
  /// @throws UsageException if there is no run of that name
  /// @throws IOException if there is none at all
  public KeptRun chosen(KeptRuns runs, StateLocation place) throws IOException {
    Optional<KeptRun> run = name.isEmpty() ? runs.newest() : runs.find(name.get());
    if (run.isPresent()) {
      return run.get();
    }
    if (name.isEmpty()) {
      throw new IOException(
          "pipeline '%s' has no run in '%s' yet; 'runtime run %s' makes one"
              .formatted(place.pipeline(), runs.folder(), descriptor));
    }
    throw new UsageException(
        "there is no run '%s' of pipeline '%s'%s; 'runtime runs %s' lists them"
            .formatted(
                name.get(), place.pipeline(), Nearest.hint(name.get(), runs.names()), descriptor));
  }
}
