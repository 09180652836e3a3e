package dev.tapline.source.postgres.preflight;

import dev.tapline.source.postgres.catalog.Column;
import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.spi.catalog.Finding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/// Reports what wal2json cannot express.
final class Wal2JsonLimits {
  private Wal2JsonLimits() {}

  static List<Finding> of(Collection<Table> tables, String format) {
    List<Finding> findings = new ArrayList<>();
    for (Table table : tables) {
      String columns =
          table.columns().stream()
              .filter(Column::canBeNoNumber)
              .map(column -> column.field().name())
              .collect(Collectors.joining(", "));
      if (!columns.isEmpty()) {
        findings.add(
            Finding.warning(
                table.name(),
                "wal2json brings NaN and infinities of the columns %s as NULL".formatted(columns),
                "set source.plugin: pgoutput if they have such values"));
      }
    }
    if (format.equals("1")) {
      findings.add(
          Finding.warning(
              "format",
              "format 1 of wal2json does not tell of TRUNCATE",
              "set source.format: auto unless no table is ever truncated"));
    }
    return findings;
  }
}
