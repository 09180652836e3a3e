package dev.tapline.sink.jdbc.stage;

import dev.tapline.files.text.ValueText;
import dev.tapline.sink.jdbc.dialect.Dialect;
import dev.tapline.sink.jdbc.plan.Layout;
import dev.tapline.sink.jdbc.plan.Mode;
import dev.tapline.sink.jdbc.plan.PlannedColumn;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Temporals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Rows that the destination does not take, with the reason, for the table of refused rows.
final class Refusals {
  /// The columns of that table.
  private enum Part {
    REJECTED_AT(Scalar.TIMESTAMP_TZ),
    STREAM(Scalar.TEXT),
    REASON(Scalar.TEXT),
    RECORD(Scalar.TEXT);

    private final Scalar type;

    Part(Scalar type) {
      this.type = type;
    }

    String label() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  private final List<PlannedColumn> planned = new ArrayList<>();
  private final List<Column> columns = new ArrayList<>();
  private int rows;

  Refusals(Dialect dialect) {
    for (Part part : Part.values()) {
      Field field = Field.of(part.label(), part.type, "");
      planned.add(
          new PlannedColumn(
              part.label(), part.type, dialect.type(field, false), true, ',', Optional.empty()));
      columns.add(Column.of(part.type, 16));
    }
  }

  void add(String destination, String reason, String row) {
    ((LongColumn) columns.get(0)).append(Temporals.micros(Instant.now()));
    ((BytesColumn) columns.get(1)).append(destination);
    ((BytesColumn) columns.get(2)).append(reason);
    ((BytesColumn) columns.get(3)).append(row);
    rows++;
  }

  int rows() {
    return rows;
  }

  List<PlannedColumn> planned() {
    return planned;
  }

  List<Column> columns() {
    return columns;
  }

  Layout layout() {
    return new Layout(
        Mode.APPEND,
        planned.stream()
            .map(column -> new Layout.Column(column.name(), column.type().sql(), true))
            .toList(),
        List.of());
  }

  /// A row as a JSON object of texts.
  static String text(List<PlannedColumn> planned, List<Column> columns, int row) {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < planned.size(); i++) {
      Column column = columns.get(i);
      if (column.isUnchanged(row)) {
        continue;
      }
      text.append(text.length() == 1 ? "" : ",");
      quote(text, planned.get(i).name()).append(':');
      if (column.isNull(row)) {
        text.append("null");
      } else {
        quote(text, ValueText.of(column, row, planned.get(i).delimiter()));
      }
    }
    return text.append('}').toString();
  }

  private static StringBuilder quote(StringBuilder text, String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"' -> text.append("\\\"");
        case '\\' -> text.append("\\\\");
        default -> {
          if (c < ' ') {
            text.append("\\u%04x".formatted((int) c));
          } else {
            text.append(c);
          }
        }
      }
    }
    return text.append('"');
  }
}
