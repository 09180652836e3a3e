package dev.tapline.sink.jdbc.dialect.postgresql;

import dev.tapline.sink.jdbc.testing.DatabaseContract;
import dev.tapline.source.postgres.testing.SharedServer;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.testkit.CanonicalText;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// PostgreSQL, which can hold every value.
class PostgresContractTest extends DatabaseContract {
  private final String database = SharedServer.database();

  PostgresContractTest() {
    set("special-values", "fail");
    // The kit's columns of these types have values that they cannot have in PostgreSQL: an empty
    // interval, infinity in a numeric(12,2), a decimal zero with a sign.
    set("text-columns", List.of("types.interval", "types.decimal", "types.numeric"));
  }

  @Override
  protected String url() {
    return "jdbc:postgresql://127.0.0.1:%d/%s?user=postgres"
        .formatted(SharedServer.get().port(), database);
  }

  @Override
  protected Connection connect() throws Exception {
    Connection connection = super.connect();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      statement.execute("SET extra_float_digits = 3");
    }
    return connection;
  }

  @Override
  protected @Nullable Object value(ResultSet rows, int index, DataType type) throws SQLException {
    String text = rows.getString(index);
    if (text == null) {
      return null;
    }
    if (type == Scalar.BOOLEAN) {
      return text.equals("t") ? "true" : "false";
    }
    if (type == Scalar.BYTES) {
      return text.substring(2).toLowerCase(Locale.ROOT);
    }
    if (type == Scalar.FLOAT32) {
      return Float.toString(Float.parseFloat(text));
    }
    if (type == Scalar.FLOAT64) {
      return Double.toString(Double.parseDouble(text));
    }
    return CanonicalText.of(text, type);
  }
}
