package dev.tapline.sink.jdbc;

import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.testkit.CanonicalText;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// MySQL by Connector/J. Debian has no server of it, so that one must be named:
/// `-Dtapline.mysql=jdbc:mysql://127.0.0.1:3306/?user=root`.
@EnabledIfSystemProperty(named = "tapline.mysql", matches = "jdbc:mysql:.*")
class MySqlContractTest extends DatabaseContract {
  private static int databases;

  private String database = "";

  @BeforeEach
  void makeDatabase() throws Exception {
    database = "shop_" + ++databases;
    try (Connection connection = DriverManager.getConnection(server());
        Statement statement = connection.createStatement()) {
      statement.execute("DROP DATABASE IF EXISTS " + database);
      statement.execute("CREATE DATABASE " + database);
    }
  }

  private static String server() {
    return System.getProperty("tapline.mysql", "");
  }

  @Override
  String url() {
    return server().replace("/?", "/" + database + "?");
  }

  @Override
  @Nullable Object value(ResultSet rows, int index, DataType type) throws SQLException {
    // As an object, a time has no fraction, and no 24:00.
    String text = type == Scalar.TIME ? rows.getString(index) : null;
    return text == null ? super.value(rows, index, type) : CanonicalText.of(text, type);
  }
}
