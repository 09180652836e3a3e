package dev.tapline.sink.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.MariaDbContainer;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.testkit.CanonicalText;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MariaDbContractTest extends DatabaseContract {
  private static MariaDbContainer server;
  private static int databases;

  private String database = "";

  @BeforeAll
  static void start() {
    server = new MariaDbContainer();
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop();
  }

  @BeforeEach
  void makeDatabase() throws Exception {
    database = "shop_" + ++databases;
    try (Connection connection = connect("tapline");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + database);
    }
    set("user", MariaDbContainer.USER);
    set("password", MariaDbContainer.PASSWORD);
  }

  @Override
  String url() {
    return server.url(database);
  }

  @Override
  Connection connect() throws Exception {
    return connect(database);
  }

  private static Connection connect(String name) throws Exception {
    return DriverManager.getConnection(
        server.url(name), MariaDbContainer.USER, MariaDbContainer.PASSWORD);
  }

  @Test
  void rowsThatATableRefusesArePutAside() throws Exception {
    String login =
        "&user=%s&password=%s&sessionVariables=sql_mode='ANSI_QUOTES'"
            .formatted(MariaDbContainer.USER, MariaDbContainer.PASSWORD);
    Fixture fixture = new Fixture(url() + login, "shop", Map.of("refused-rows", "table"));
    fixture.add(RefusedRowsTest.first());
    fixture.execute("ALTER TABLE orders ADD CONSTRAINT decent CHECK (note <> 'bad')");
    fixture.execute("ALTER TABLE orders MODIFY large VARCHAR(7) NOT NULL");

    fixture.add(RefusedRowsTest.second());
    Batch third = Fixture.batch(Fixture.schema("note", "large"));
    Fixture.change(third, Change.INSERT, 70, "too long", "12345678");
    Fixture.change(third, Change.INSERT, 71, "nothing", (String) null);
    Fixture.change(third, Change.INSERT, 72, "good", "1234567");
    fixture.add(third);

    assertThat(fixture.query("SELECT id, note FROM orders ORDER BY id"))
        .hasSize(1 + 1 + 27 + 1)
        .contains("1|a", "20|moved", "72|good")
        .doesNotContain("2|b");
    assertThat(fixture.query("SELECT record FROM _tapline_rejected"))
        .hasSize(4 + 2)
        .contains("{\"id\":\"71\",\"note\":\"nothing\",\"large\":null}");
  }

  @Override
  @Nullable Object value(ResultSet rows, int index, DataType type) throws SQLException {
    // As an object, a time has no fraction, and no 24:00.
    String text = type == Scalar.TIME ? rows.getString(index) : null;
    return text == null ? super.value(rows, index, type) : CanonicalText.of(text, type);
  }
}
