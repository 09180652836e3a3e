package dev.tapline.sink.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.sink.jdbc.dialect.Merge;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The contract over a server of MariaDB or MySQL.
abstract class MySqlFamilyContract extends DatabaseContract {
  private static int databases;

  private final String user;
  private final String password;
  private String database = "";

  MySqlFamilyContract(String user, String password) {
    this.user = user;
    this.password = password;
  }

  /// The URL of one of the server's databases.
  abstract String url(String name);

  @BeforeEach
  void makeDatabase() throws Exception {
    database = "shop_" + ++databases;
    try (Connection connection = DriverManager.getConnection(url("tapline"), user, password);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + database);
    }
    set("user", user);
    set("password", password);
  }

  @Override
  String url() {
    return url(database);
  }

  @Override
  Connection connect() throws Exception {
    return DriverManager.getConnection(url(), user, password);
  }

  /// The sink over the database of this test, with names in double quotes.
  Fixture fixture(Map<String, Object> keys) {
    String login =
        "&user=%s&password=%s&sessionVariables=sql_mode='ANSI_QUOTES'".formatted(user, password);
    return new Fixture(url() + login, "shop", keys);
  }

  @Test
  void rowsThatATypeRefusesArePutAside() throws Exception {
    Fixture fixture = fixture(Map.of("refused-rows", "table"));
    fixture.add(RefusedRowsTest.first());
    fixture.execute("ALTER TABLE orders MODIFY large VARCHAR(7) NOT NULL");
    Batch rows = Fixture.batch(Fixture.schema("note", "large"));
    Fixture.change(rows, Change.INSERT, 70, "too long", "12345678");
    Fixture.change(rows, Change.INSERT, 71, "nothing", (String) null);
    Fixture.change(rows, Change.INSERT, 72, "good", "1234567");
    fixture.add(rows);

    assertThat(fixture.query("SELECT id, note FROM orders WHERE id >= 70"))
        .containsExactly("72|good");
    assertThat(fixture.query("SELECT record FROM _tapline_rejected"))
        .hasSize(2)
        .contains("{\"id\":\"71\",\"note\":\"nothing\",\"large\":null}");
  }

  @Test
  void aRowNeverComesInThePlaceOfOneWithAnotherKey() throws Exception {
    RefusedRowsTest.refusesARowOfAnotherUniqueIndex(
        fixture(Map.of()), fixture(Map.of("refused-rows", "table")));
  }

  /// It may come after it was looked whether there is one.
  @Test
  void anotherUniqueIndexThatIsNotKnownOfLetsNoRowPassEither() throws Exception {
    Fixture fixture = fixture(Map.of());
    fixture.execute(
        "CREATE TABLE orders (id INT, part INT, code INT UNIQUE, PRIMARY KEY (id, part))");
    fixture.execute("INSERT INTO orders VALUES (1, 1, 10)");
    fixture.execute("CREATE TABLE staged AS SELECT 1 AS id, 2 AS part, 10 AS code");
    Merge merge =
        new Merge(
            "`orders`",
            "`staged`",
            List.of("`id`", "`part`"),
            List.of("`id`", "`part`", "`code`"),
            List.of(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            false,
            Optional.empty());

    for (String statement : dialect().merge(merge)) {
      assertThatThrownBy(() -> fixture.execute(statement)).isInstanceOf(SQLException.class);
    }
    assertThat(fixture.query("SELECT * FROM orders")).containsExactly("1|1|10");
  }

  @Override
  @Nullable Object value(ResultSet rows, int index, DataType type) throws SQLException {
    // As an object, a time has no fraction, and no 24:00.
    String text = type == Scalar.TIME ? rows.getString(index) : null;
    return text == null ? super.value(rows, index, type) : CanonicalText.of(text, type);
  }
}
