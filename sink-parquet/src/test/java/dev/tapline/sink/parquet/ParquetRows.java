package dev.tapline.sink.parquet;

import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.testkit.CanonicalText;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Rows of Parquet files in the kit's form, as DuckDB reads them.
final class ParquetRows {
  private static final String SEPARATOR = "\u0001";

  private ParquetRows() {}

  static List<Map<String, @Nullable Object>> read(List<Path> files, Schema schema)
      throws SQLException {
    if (files.isEmpty()) {
      return List.of();
    }
    List<String> present =
        DuckDb.query("SELECT column_name FROM (DESCRIBE SELECT * FROM " + DuckDb.table(files) + ")")
            .stream()
            .map(List::getFirst)
            .toList();
    List<Field> fields =
        schema.fields().stream().filter(field -> present.contains(field.name())).toList();
    boolean changes = present.contains("_op");
    String select =
        fields.stream().map(ParquetRows::expression).collect(Collectors.joining(", "))
            + (changes ? ", array_to_string(_unchanged, '" + SEPARATOR + "')" : "");
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (List<String> values : DuckDb.query("SELECT " + select + " FROM " + DuckDb.table(files))) {
      Map<String, @Nullable Object> row = new LinkedHashMap<>();
      for (int i = 0; i < fields.size(); i++) {
        String value = values.get(i);
        row.put(
            fields.get(i).name(),
            value == null ? null : CanonicalText.of(value, fields.get(i).type()));
      }
      String unchanged = changes ? values.getLast() : null;
      if (unchanged != null) {
        row.keySet().removeAll(List.of(unchanged.split(SEPARATOR)));
      }
      rows.add(row);
    }
    return rows;
  }

  private static String expression(Field field) {
    String name = DuckDb.quote(field.name());
    DataType type = field.type();
    if (type == Scalar.BYTES) {
      return "lower(hex(" + name + "))";
    }
    return type == Scalar.FLOAT32 || type == Scalar.FLOAT64
        ? name
        : "CAST(" + name + " AS VARCHAR)";
  }
}
