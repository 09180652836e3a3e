package dev.tapline.sink.jdbc.testing;

import dev.tapline.sink.jdbc.JdbcSinkProvider;
import dev.tapline.sink.jdbc.connection.DialectLoader;
import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkContext;
import dev.tapline.testkit.CanonicalText;
import dev.tapline.testkit.SinkContract;
import java.nio.ByteBuffer;
import java.sql.Clob;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The contract of sinks over one database. Values that the database cannot hold are text.
public abstract class DatabaseContract extends SinkContract {
  private final Map<String, Object> keys = new HashMap<>();

  /// The URL of a database that is empty before each test.
  protected abstract String url() throws Exception;

  protected Connection connect() throws Exception {
    return DriverManager.getConnection(url());
  }

  protected Dialect dialect() throws Exception {
    return DialectLoader.of(url());
  }

  protected void set(String key, Object value) {
    keys.put(key, value);
  }

  @Override
  protected Sink open(SinkContext context) throws Exception {
    JdbcSinkProvider provider = new JdbcSinkProvider();
    keys.put("url", url());
    keys.putIfAbsent("special-values", "text");
    return provider.create(Config.of(provider.config(), keys), context);
  }

  @Override
  protected List<Map<String, @Nullable Object>> read(Stream stream) throws Exception {
    List<Map<String, @Nullable Object>> read = new ArrayList<>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      if (!tables(connection).contains(stream.destination())) {
        return read;
      }
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT " + columns(stream) + " FROM " + dialect().quote(stream.destination()))) {
        while (rows.next()) {
          Map<String, @Nullable Object> row = new LinkedHashMap<>();
          for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
            String name = rows.getMetaData().getColumnName(i);
            int index = stream.schema().indexOf(name);
            DataType type = index < 0 ? Scalar.TEXT : stream.schema().fields().get(index).type();
            row.put(name, value(rows, i, type));
          }
          read.add(row);
        }
      }
    }
    return read;
  }

  /// What is read of a table.
  protected String columns(Stream stream) {
    return "*";
  }

  /// A value in the kit's form.
  protected @Nullable Object value(ResultSet rows, int index, DataType type) throws SQLException {
    Object value = rows.getObject(index);
    if (value == null) {
      return null;
    }
    if (value instanceof Clob clob) {
      value = clob.getSubString(1, Math.toIntExact(clob.length()));
    }
    if (value instanceof java.sql.Blob blob) {
      value = blob.getBytes(1, Math.toIntExact(blob.length()));
    }
    if (type == Scalar.UUID && value instanceof byte[] bytes) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      value = new UUID(buffer.getLong(), buffer.getLong());
    }
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    if (type == Scalar.BOOLEAN) {
      return value instanceof Number number
          ? Boolean.toString(number.intValue() != 0)
          : value.toString().startsWith("t") ? "true" : "false";
    }
    if (type == Scalar.FLOAT32 && value instanceof Number number) {
      return Float.toString(number.floatValue());
    }
    if (type == Scalar.BYTES && value instanceof String text) {
      return text.substring(2);
    }
    if (value instanceof LocalDate date) {
      // DuckDB's driver shows infinity as the number that it is.
      long day = date.toEpochDay();
      return Math.abs(day) == Integer.MAX_VALUE
          ? (day > 0 ? "infinity" : "-infinity")
          : Long.toString(day);
    }
    if (value instanceof java.math.BigDecimal decimal) {
      return decimal.toPlainString();
    }
    return CanonicalText.of(value.toString(), type);
  }

  @Override
  protected List<String> leftovers() throws Exception {
    try (Connection connection = connect()) {
      return tables(connection).stream()
          .filter(name -> name.toLowerCase(java.util.Locale.ROOT).startsWith("_tl_"))
          .toList();
    }
  }

  protected List<String> tables(Connection connection) throws Exception {
    List<String> names = new ArrayList<>();
    try (ResultSet tables =
        connection
            .getMetaData()
            .getTables(connection.getCatalog(), connection.getSchema(), "%", null)) {
      while (tables.next()) {
        if (String.valueOf(tables.getString("TABLE_TYPE")).contains("TABLE")) {
          names.add(tables.getString("TABLE_NAME"));
        }
      }
    }
    return names;
  }
}
