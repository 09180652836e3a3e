package dev.tapline.engine.select;

import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import java.util.List;
import java.util.Map;

/// What a pipeline replicates of a catalog.
///
/// @param streams the streams, ordered by name, each with a destination of its own
/// @param origins where the entry of the descriptor stands that selects each stream
/// @param findings entries that select nothing, columns that are not there, destinations that two
///   streams share
public record SelectionResult(
    List<Stream> streams, Map<StreamName, String> origins, List<Finding> findings) {
  /// Copies the lists.
  public SelectionResult {
    streams = List.copyOf(streams);
    origins = Map.copyOf(origins);
    findings = List.copyOf(findings);
  }

  /// The findings that are errors.
  public List<Finding> errors() {
    return findings.stream()
        .filter(finding -> finding.severity() == Finding.Severity.ERROR)
        .toList();
  }
}
