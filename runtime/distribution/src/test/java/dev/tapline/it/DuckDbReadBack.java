package dev.tapline.it;

import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// DuckDB.
final class DuckDbReadBack implements ReadBack {
  private final ParquetOutput output;

  DuckDbReadBack() throws SQLException {
    output = new ParquetOutput();
  }

  @Override
  public List<Row> rows(Path folder) throws Exception {
    String table = ParquetOutput.table(folder.getParent(), folder.getFileName().toString());
    List<Row> rows = new ArrayList<>();
    try (Statement statement = output.statement()) {
      String type;
      try (ResultSet result = statement.executeQuery("DESCRIBE SELECT v FROM " + table)) {
        result.next();
        type = result.getString(2);
      }
      boolean list = type.endsWith("[]");
      String scalar = list ? type.substring(0, type.length() - 2) : type;
      String select =
          list ? "list_transform(v, lambda x: " + text("x", scalar) + ")" : text("v", scalar);
      try (ResultSet result = statement.executeQuery("SELECT id, " + select + " FROM " + table)) {
        while (result.next()) {
          rows.add(new Row(result.getInt(1), literal(result.getObject(2), scalar)));
        }
      }
    }
    return rows;
  }

  @Override
  public void close() throws SQLException {
    output.close();
  }

  private static String text(String value, String type) {
    return switch (type) {
      case "BLOB" -> "'\\x' || lower(hex(" + value + "))";
      case "DATE" -> "CAST(" + value + " - DATE '1970-01-01' AS VARCHAR)";
      case "TIMESTAMP", "TIMESTAMP WITH TIME ZONE" -> "CAST(epoch_us(" + value + ") AS VARCHAR)";
      default -> "CAST(" + value + " AS VARCHAR)";
    };
  }

  private static @Nullable String literal(@Nullable Object value, String type) throws SQLException {
    if (value == null) {
      return null;
    }
    if (!(value instanceof java.sql.Array array)) {
      return scalar(value.toString(), type);
    }
    List<@Nullable String> elements = new ArrayList<>();
    for (Object element : (Object[]) array.getArray()) {
      elements.add(element == null ? null : scalar(element.toString(), type));
    }
    return Literals.array(elements);
  }

  private static String scalar(String text, String type) {
    return switch (type) {
      case "DATE" -> Literals.date(Long.parseLong(text));
      case "TIMESTAMP" -> Literals.timestamp(Long.parseLong(text), "");
      case "TIMESTAMP WITH TIME ZONE" -> Literals.timestamp(Long.parseLong(text), "+00");
      default -> text;
    };
  }
}
