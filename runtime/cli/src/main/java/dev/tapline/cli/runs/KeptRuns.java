package dev.tapline.cli.runs;

import dev.tapline.cli.descriptor.StateLocation;
import dev.tapline.cli.report.ReportJson;
import dev.tapline.cli.report.RunReport;
import dev.tapline.engine.state.FileErrors;
import dev.tapline.engine.state.StateLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The runs of a pipeline of which something is kept. Only looks: it takes no lock that a run would
/// wait for, and writes nothing.
public final class KeptRuns {
  private final StateLocation place;

  /// @param place where the pipeline keeps them
  public KeptRuns(StateLocation place) {
    this.place = place;
  }

  /// The folder of all runs, which need not be there.
  public Path folder() {
    return RunFolders.of(place);
  }

  /// The runs, the newest first. One whose report is broken is among them.
  public List<KeptRun> newestFirst() throws IOException {
    List<Path> folders = runs();
    List<KeptRun> runs = new ArrayList<>();
    for (Path each : folders) {
      runs.add(run(each, each.equals(folders.getFirst())));
    }
    return runs;
  }

  /// The newest run.
  public Optional<KeptRun> newest() throws IOException {
    List<Path> folders = runs();
    return folders.isEmpty() ? Optional.empty() : Optional.of(run(folders.getFirst(), true));
  }

  /// The run of a name.
  public Optional<KeptRun> find(String name) throws IOException {
    List<Path> folders = runs();
    for (Path each : folders) {
      if (each.getFileName().toString().equals(name)) {
        return Optional.of(run(each, each.equals(folders.getFirst())));
      }
    }
    return Optional.empty();
  }

  /// The names of all runs, the newest first.
  public List<String> names() throws IOException {
    return runs().stream().map(folder -> folder.getFileName().toString()).toList();
  }

  /// What stands among the runs and is none.
  public List<Path> foreign() throws IOException {
    return list().stream().filter(path -> !isRun(path)).toList();
  }

  /// Whether a run that was going on still is.
  public boolean isRunning(KeptRun run) throws IOException {
    return !Files.exists(run.reportFile())
        && StateLock.isHeld(place.folder(), place.pipeline())
        && names().getFirst().equals(run.name());
  }

  private List<Path> runs() throws IOException {
    return list().stream().filter(KeptRuns::isRun).sorted(Comparator.reverseOrder()).toList();
  }

  private static boolean isRun(Path path) {
    return RunFolders.time(path).isPresent() && Files.isDirectory(path);
  }

  private List<Path> list() throws IOException {
    if (!Files.exists(folder())) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(folder())) {
      return all.sorted().toList();
    } catch (IOException e) {
      throw new IOException("cannot look into '%s': %s".formatted(folder(), FileErrors.of(e)), e);
    }
  }

  // Only the newest can be going on: the lock lets one run begin at a time. It is asked for between
  // two looks at the report, which a run writes before it lets go.
  private KeptRun run(Path folder, boolean newest) throws IOException {
    Instant startedAt = RunFolders.time(folder).orElseThrow();
    String name = String.valueOf(folder.getFileName());
    Path file = folder.resolve(RunFolders.REPORT);
    if (!Files.exists(file) && newest && StateLock.isHeld(place.folder(), place.pipeline())) {
      return KeptRun.without(name, folder, startedAt, KeptRun.State.RUNNING);
    }
    if (!Files.exists(file)) {
      return KeptRun.without(name, folder, startedAt, KeptRun.State.NO_REPORT);
    }
    try {
      RunReport report = ReportJson.read(file);
      return report.pipeline().equals(place.pipeline())
          ? KeptRun.reported(name, folder, startedAt, report)
          : KeptRun.unreadable(
              name,
              folder,
              startedAt,
              "'%s' is of pipeline '%s'".formatted(file, report.pipeline()));
    } catch (IOException e) {
      return KeptRun.unreadable(
          name, folder, startedAt, "'%s': %s".formatted(file, e.getMessage()));
    }
  }
}
