package dev.tapline.cli.runs;

import dev.tapline.cli.descriptor.Descriptor;
import dev.tapline.cli.descriptor.StateLocation;
import dev.tapline.cli.logging.RunLog;
import dev.tapline.engine.state.FileErrors;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The folders that keep each run's log and report: `<state>/runs/<pipeline>/<time in UTC>/`.
final class RunFolders {
  private static final Logger LOG = LoggerFactory.getLogger("run");
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /// The file of a run's report.
  static final String REPORT = "report.json";

  /// The file of a run's log.
  static final String LOG_FILE = "extraction.log";

  private RunFolders() {}

  /// The folder of a pipeline's runs, which need not be there.
  static Path of(StateLocation place) {
    return place.folder().resolve("runs").resolve(place.pipeline());
  }

  /// Makes a folder for a run that begins, and removes the oldest beyond those to keep. Only for
  /// who has the pipeline for himself.
  static Path create(Descriptor descriptor, InstantSource machine) throws IOException {
    Path runs = of(descriptor.stateLocation());
    try {
      Files.createDirectories(runs);
      Path folder = createNext(runs, machine.instant());
      removeOldest(runs, descriptor.keepRuns());
      return folder;
    } catch (IOException e) {
      throw new IOException(
          FileErrors.sentence("cannot write to the state folder", descriptor.stateFolder(), e), e);
    }
  }

  // Names never go back with the machine's clock: the oldest by name are removed.
  private static Path createNext(Path runs, Instant now) throws IOException {
    Instant time = newest(runs).filter(last -> !last.isBefore(now)).orElse(now);
    while (true) {
      try {
        return Files.createDirectory(runs.resolve(NAME.format(time)));
      } catch (FileAlreadyExistsException e) {
        time = time.plusMillis(1); // another run began in the same millisecond, or later
      }
    }
  }

  private static Optional<Instant> newest(Path runs) throws IOException {
    try (Stream<Path> folders = Files.list(runs)) {
      return folders.flatMap(folder -> time(folder).stream()).max(Comparator.naturalOrder());
    }
  }

  /// When the run of a folder began, by its name; nothing if it is not a run's.
  static Optional<Instant> time(Path folder) {
    try {
      return Optional.of(NAME.parse(String.valueOf(folder.getFileName()), Instant::from));
    } catch (DateTimeException e) {
      return Optional.empty(); // not a run's
    }
  }

  private static void removeOldest(Path runs, long keep) throws IOException {
    List<Path> newestFirst;
    try (Stream<Path> folders = Files.list(runs)) {
      newestFirst =
          folders
              .filter(folder -> time(folder).isPresent() && Files.isDirectory(folder))
              .sorted(Comparator.reverseOrder())
              .toList();
    }
    for (int i = (int) keep; i < newestFirst.size(); i++) {
      Path folder = newestFirst.get(i);
      for (String file : List.of(LOG_FILE, RunLog.aside(LOG_FILE), REPORT, REPORT + ".tmp")) {
        Files.deleteIfExists(folder.resolve(file));
      }
      try {
        Files.delete(folder);
      } catch (DirectoryNotEmptyException e) {
        LOG.debug("{} holds something that is not of a run, and stays", folder, e);
      }
    }
  }
}
