package dev.tapline.sink.jdbc.preflight;

import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Collects findings.
final class Findings {
  private final List<Finding> all = new ArrayList<>();

  void add(Finding finding) {
    all.add(finding);
  }

  void error(Stream stream, String message, String remedy) {
    add(Finding.error(stream.name(), message, remedy));
  }

  boolean hasError(Stream stream) {
    return all.stream()
        .anyMatch(finding ->
            finding.severity() == Finding.Severity.ERROR
                && finding.stream().equals(Optional.of(stream.name())));
  }

  List<Finding> all() {
    return List.copyOf(all);
  }
}
