package dev.tapline.runtime.select;

import dev.tapline.spi.Finding;
import dev.tapline.spi.catalog.Stream;
import java.util.List;

/// What a pipeline replicates of a catalog.
///
/// @param streams the streams, ordered by name, each with a destination of its own
/// @param findings entries that select nothing, columns that are not there, destinations that two
///   streams share
public record Selection(List<Stream> streams, List<Finding> findings) {
  /// Copies the lists.
  public Selection {
    streams = List.copyOf(streams);
    findings = List.copyOf(findings);
  }

  /// The findings that are errors.
  public List<Finding> errors() {
    return findings.stream()
        .filter(finding -> finding.severity() == Finding.Severity.ERROR)
        .toList();
  }
}
