package dev.tapline.engine.select;

import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.sink.Capability;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Which rows a destination will have more than once, by what its sink can do with the streams'
/// methods: told once for all streams, before it happens.
///
/// LOG_BASED is not among them: what it brings are changes, and say so.
public final class DuplicateRowWarnings {
  private static final String FULL_TABLE = "FULL_TABLE";
  private static final String INCREMENTAL = "INCREMENTAL";
  private static final int NAMED = 3;

  private DuplicateRowWarnings() {}

  /// What is to be told of streams; nothing where each row is there once.
  ///
  /// @param labels what streams are called before people
  /// @param sink the sink's type
  /// @param capabilities what it can do
  public static List<Finding> of(
      List<Stream> streams, StreamLabels labels, String sink, Set<Capability> capabilities) {
    List<Finding> findings = new ArrayList<>();
    // What becomes of rows and versions behind a pipe is the target's to say.
    boolean targets = capabilities.contains(Capability.STATE);
    boolean merges = targets || capabilities.contains(Capability.UPSERT);
    List<Stream> added =
        streams.stream()
            .filter(stream -> stream.method().equals(INCREMENTAL))
            .filter(stream -> !merges || stream.schema().key().isEmpty())
            .toList();
    if (!added.isEmpty()) {
      findings.add(merges ? keyless(said(added, labels), sink) : added(said(added, labels), sink));
    }
    List<Stream> repeated =
        streams.stream().filter(stream -> stream.method().equals(FULL_TABLE)).toList();
    if (!repeated.isEmpty() && !targets && !capabilities.contains(Capability.REPLACE)) {
      findings.add(repeated(said(repeated, labels), sink));
    }
    return findings;
  }

  private static Finding added(String streams, String sink) {
    return warning(
        "%s INCREMENTAL, and the sink '%s' as it is set up here only adds rows: a row that has changed comes again, and the one before it stays"
            .formatted(streams, sink),
        "where they are read, take the newest row of each key; or choose what merges by key: the sink 'jdbc', or 'parquet' with 'compact: true'");
  }

  private static Finding keyless(String streams, String sink) {
    return warning(
        "%s INCREMENTAL and without a primary key, by which the sink '%s' would merge: a row that has changed comes again, and the one before it stays"
            .formatted(streams, sink),
        "add 'primary-key: [column]' to the entry in streams; or take the newest row where they are read");
  }

  private static Finding repeated(String streams, String sink) {
    return warning(
        "%s FULL_TABLE, and the sink '%s' as it is set up here cannot take back rows that it has written: each run writes every row once more"
            .formatted(streams, sink),
        "have the reader put the rows of a run in place of those before, as Singer's targets do by ACTIVATE_VERSION; or choose a sink of files or tables");
  }

  private static Finding warning(String message, String remedy) {
    return Finding.warning("duplicates", message, remedy);
  }

  private static String said(List<Stream> streams, StreamLabels labels) {
    int more = streams.size() - NAMED;
    return streams.stream()
            .limit(NAMED)
            .map(stream -> labels.of(stream.name()))
            .collect(Collectors.joining(", "))
        + (more > 0 ? " and %d more".formatted(more) : "")
        + (streams.size() == 1 ? " is" : " are");
  }
}
