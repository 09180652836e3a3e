package dev.tapline.sink.jdbc.preflight;

import dev.tapline.spi.Finding;
import dev.tapline.spi.catalog.Stream;
import java.util.ArrayList;
import java.util.List;

/// Collects findings.
final class Findings {
  private final List<Finding> all = new ArrayList<>();

  void add(Finding finding) {
    all.add(finding);
  }

  void error(Stream stream, String message, String remedy) {
    add(Finding.error(stream.name().toString(), message, remedy));
  }

  boolean hasError(Stream stream) {
    return all.stream()
        .anyMatch(finding ->
            finding.severity() == Finding.Severity.ERROR
                && finding.subject().equals(stream.name().toString()));
  }

  List<Finding> all() {
    return List.copyOf(all);
  }
}
