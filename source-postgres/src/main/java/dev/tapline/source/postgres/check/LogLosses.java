package dev.tapline.source.postgres.check;

import dev.tapline.source.postgres.catalog.Column;
import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.spi.Finding;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Scalar;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/// What wal2json cannot tell.
final class LogLosses {
  private LogLosses() {}

  static List<Finding> of(Collection<Table> tables, String format) {
    List<Finding> findings = new ArrayList<>();
    for (Table table : tables) {
      String columns =
          table.columns().stream()
              .filter(LogLosses::canBeNoNumber)
              .map(column -> column.field().name())
              .collect(Collectors.joining(", "));
      if (!columns.isEmpty()) {
        findings.add(
            Finding.warning(
                table.name().toString(),
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

  // Domains come as text, and lose nothing.
  private static boolean canBeNoNumber(Column column) {
    DataType type = column.field().type();
    String name = column.field().sourceType();
    boolean number =
        type == Scalar.FLOAT32 || type == Scalar.FLOAT64 || type instanceof DataType.Decimal;
    return number
        && (name.startsWith("numeric") || name.equals("real") || name.equals("double precision"));
  }
}
