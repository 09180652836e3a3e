package dev.tapline.sink.jdbc.staging;

import dev.tapline.files.json.JsonCodec;
import dev.tapline.files.text.ValueText;
import dev.tapline.sink.jdbc.connection.Database;
import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.dialect.api.RowLoader;
import dev.tapline.sink.jdbc.dialect.api.TableColumn;
import dev.tapline.sink.jdbc.table.PlannedColumn;
import dev.tapline.sink.jdbc.table.TableLayout;
import dev.tapline.sink.jdbc.table.TableMode;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Temporals;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Rows that the destination rejects, with the reason, for the table of rejected rows.
public final class RejectedRows {
  /// The columns of that table.
  private enum RejectedColumn {
    REJECTED_AT(Scalar.TIMESTAMP_TZ),
    STREAM(Scalar.TEXT),
    REASON(Scalar.TEXT),
    RECORD(Scalar.TEXT);

    private final Scalar type;

    RejectedColumn(Scalar type) {
      this.type = type;
    }

    String columnName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  // A character takes up to six bytes in JSON, which is escaped once more.
  private static final int BYTES_PER_CHARACTER = 16;

  private final List<PlannedColumn> planned = new ArrayList<>();
  private final List<Column> columns = new ArrayList<>();
  private final int longest;
  private int rows;

  /// An empty list.
  public RejectedRows(Dialect dialect) {
    longest =
        dialect
            .packetLimit()
            .map(packet -> (int) (packet.forRows() / BYTES_PER_CHARACTER))
            .orElse(Integer.MAX_VALUE);
    for (RejectedColumn column : RejectedColumn.values()) {
      Field field = Field.of(column.columnName(), column.type, "");
      planned.add(
          new PlannedColumn(
              column.columnName(),
              column.type,
              dialect.type(field, false),
              true,
              Optional.empty()));
      columns.add(Column.of(column.type, 16));
    }
  }

  /// Adds a row.
  ///
  /// @param row as a JSON object
  public void add(String destination, String reason, String row) {
    ((LongColumn) columns.get(0)).append(Temporals.micros(Instant.now()));
    ((BytesColumn) columns.get(1)).append(destination);
    ((BytesColumn) columns.get(2)).append(reason);
    ((BytesColumn) columns.get(3)).append(row);
    rows++;
  }

  /// The number of rows.
  public int rows() {
    return rows;
  }

  List<PlannedColumn> planned() {
    return planned;
  }

  List<Column> columns() {
    return columns;
  }

  /// The layout of the table of rejected rows.
  public TableLayout layout() {
    return new TableLayout(
        TableMode.APPEND,
        planned.stream()
            .map(column -> new TableLayout.Column(column.name(), column.type().sql(), true))
            .toList(),
        List.of());
  }

  /// Loads them into the table of rejected rows.
  public void load(Connection connection, Database database, String table) throws SQLException {
    List<TableColumn> target = planned.stream().map(PlannedColumn::staged).toList();
    try (RowLoader loader =
        database.dialect().loader(connection, database.schema(), table, target)) {
      loader.load(columns, rows, new BitSet());
      loader.finish();
    }
  }

  /// A row as a JSON object of texts.
  String json(List<PlannedColumn> planned, List<Column> columns, int row) {
    Map<String, Optional<String>> values = new LinkedHashMap<>();
    for (int i = 0; i < planned.size(); i++) {
      Column column = columns.get(i);
      if (!column.isUnchanged(row)) {
        values.put(
            planned.get(i).name(),
            column.isNull(row) ? Optional.empty() : Optional.of(ValueText.of(column, row)));
      }
    }
    return json(values);
  }

  /// A row as a JSON object of texts. If it is larger than the database accepts, long values are
  /// truncated and marked.
  public String json(Map<String, Optional<String>> values) {
    long all = values.values().stream().mapToLong(value -> value.orElse("").length()).sum();
    int most = all <= longest ? Integer.MAX_VALUE : Math.max(1, longest / values.size());
    return JsonCodec.write(json ->
        values.forEach((name, value) ->
            value.ifPresentOrElse(
                text -> json.writeStringProperty(name, cut(text, most)),
                () -> json.writeNullProperty(name))));
  }

  private static String cut(String value, int most) {
    if (value.length() <= most) {
      return value;
    }
    int end = Character.isHighSurrogate(value.charAt(most - 1)) ? most - 1 : most;
    return "%s... (%d characters)".formatted(value.substring(0, end), value.length());
  }
}
