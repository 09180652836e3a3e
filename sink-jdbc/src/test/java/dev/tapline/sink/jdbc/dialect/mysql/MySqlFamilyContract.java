package dev.tapline.sink.jdbc.dialect.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.dialect.api.FailureKind;
import dev.tapline.sink.jdbc.dialect.api.Merge;
import dev.tapline.sink.jdbc.testing.DatabaseContract;
import dev.tapline.sink.jdbc.testing.SampleRows;
import dev.tapline.sink.jdbc.testing.SinkFixture;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.sink.Checkpoint;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.testkit.CanonicalText;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

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
  protected String url() {
    return url(database);
  }

  @Override
  protected Connection connect() throws Exception {
    return DriverManager.getConnection(url(), user, password);
  }

  /// The sink over the database of this test, with names in double quotes.
  SinkFixture fixture(Map<String, Object> keys) {
    String login =
        "&user=%s&password=%s&sessionVariables=sql_mode='ANSI_QUOTES'".formatted(user, password);
    return new SinkFixture(url() + login, "shop", keys);
  }

  @Test
  void rowsThatATypeRefusesArePutAside() throws Exception {
    SinkFixture fixture = fixture(Map.of("refused-rows", "table"));
    fixture.add(SampleRows.first());
    fixture.execute("ALTER TABLE orders MODIFY large VARCHAR(7) NOT NULL");
    Batch rows = SinkFixture.batch(SinkFixture.schema("note", "large"));
    SinkFixture.change(rows, Change.INSERT, 70, "too long", "12345678");
    SinkFixture.change(rows, Change.INSERT, 71, "nothing", (String) null);
    SinkFixture.change(rows, Change.INSERT, 72, "good", "1234567");
    fixture.add(rows);

    assertThat(fixture.query("SELECT id, note FROM orders WHERE id >= 70"))
        .containsExactly("72|good");
    assertThat(fixture.query("SELECT record FROM _tapline_rejected"))
        .hasSize(2)
        .contains("{\"id\":\"71\",\"note\":\"nothing\",\"large\":null}");
  }

  @Test
  void aRowNeverComesInThePlaceOfOneWithAnotherKey() throws Exception {
    SampleRows.refusesARowOfAnotherUniqueIndex(
        fixture(Map.of()), fixture(Map.of("refused-rows", "table")));
  }

  private static Schema texts(String... namesAndTypes) {
    List<Field> fields = new ArrayList<>();
    List<String> key = new ArrayList<>();
    for (int i = 0; i < namesAndTypes.length; i += 2) {
      fields.add(new Field(namesAndTypes[i], Scalar.TEXT, false, namesAndTypes[i + 1], ""));
      key.add(namesAndTypes[i]);
    }
    return new Schema(fields, key);
  }

  private static Batch row(Schema schema, String... texts) {
    Batch row = SinkFixture.batch(schema);
    for (int i = 0; i < texts.length; i++) {
      ((BytesColumn) row.column(i)).append(texts[i]);
    }
    row.endRow(Change.INSERT, 4711, 0, 1_000_000, 731);
    return row;
  }

  @Test
  void textsOfAKeyShareItsRoomAndAreNoLongerThanTheyWereDeclared() throws Exception {
    Schema schema =
        texts(
            "a",
            "text",
            "b",
            "text",
            "c",
            "character varying(20)",
            "d",
            "character(7)",
            "e",
            "text");
    SinkFixture fixture = fixture(Map.of());
    fixture.add(row(schema, "a", "b".repeat(220), "c".repeat(20), "d", "e"));

    assertThat(
            fixture.query(
                "SELECT column_name, character_maximum_length FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'orders' ORDER BY 1"))
        .containsExactly("a|247", "b|247", "c|20", "d|7", "e|247");
    assertThatThrownBy(() -> fixture.add(row(schema, "a".repeat(248), "b", "c", "d", "e")))
        .hasMessageContaining("column 'a'")
        .hasMessageContaining("a key of text has limits");
  }

  @Test
  void aCheckNamesTheColumnsOfAKeyWhoseValuesMayBeTooLong() throws Exception {
    Schema schema =
        texts("a", "character varying(2000)", "b", "character varying(20)", "c", "text");
    try (Sink sink = fixture(Map.of()).sink()) {
      assertThat(sink.check(List.of(SinkFixture.stream(schema))))
          .filteredOn(finding -> finding.severity() == Finding.Severity.WARNING)
          .extracting(Finding::message)
          .containsExactly(
              "the column 'a' of the key may have 2000 characters, and %s has room for 493 of them; a row with a longer value is refused"
                  .formatted(dialect().name()));
    }
    try (Sink sink = fixture(Map.of()).sink()) {
      assertThat(sink.check(List.of(SinkFixture.stream(texts("a", "character varying(700)")))))
          .noneMatch(finding -> finding.severity() != Finding.Severity.OK);
    }
  }

  @Test
  void aColumnOfTheKeyIsWidened() throws Exception {
    SinkFixture fixture = fixture(Map.of());
    fixture.add(row(texts("a", "character varying(3)"), "one"));
    fixture.add(row(texts("a", "character varying(5)"), "three"));

    assertThat(fixture.query("SELECT a FROM orders ORDER BY a")).containsExactly("one", "three");
  }

  /// As many of one character as a name may have, and one more or less, and odd ones.
  static List<String> names() {
    List<String> names =
        new ArrayList<>(List.of("a ", " a", "a.b/c\\d", "a😀", "a`b", "CON", "a-"));
    for (String character :
        List.of("x", "_", "-", "中", "ä", "é", "Ω", "ж", "א", "ა", "ẞ", "Ἀ", "µ", "×")) {
      for (int count : new int[] {22, 50, 51, 64, 65}) {
        names.add(character.repeat(count));
      }
    }
    return names;
  }

  @Test
  void namesAreRefusedWhereTheServerDoesNotHaveThem() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String name : names()) {
        assertThat(dialect().tableNameProblem(name).isEmpty())
            .as("the table '%s' of %d characters can be", name, name.length())
            .isEqualTo(has(statement, name, "a"));
        assertThat(dialect().nameProblem(name).isEmpty())
            .as("the column '%s' of %d characters can be", name, name.length())
            .isEqualTo(has(statement, "t", name));
      }
    }
  }

  private boolean has(Statement statement, String table, String column) throws Exception {
    String name = dialect().quote(table);
    try {
      statement.execute("CREATE TABLE %s (%s INT)".formatted(name, dialect().quote(column)));
    } catch (SQLException e) {
      return false;
    }
    // MySQL takes some, and puts question marks in them.
    boolean same = columnsOf(statement).equals(List.of(table + "\n" + column));
    statement.execute("DROP TABLE " + name);
    return same;
  }

  private static List<String> columnsOf(Statement statement) throws SQLException {
    List<String> columns = new ArrayList<>();
    try (ResultSet rows =
        statement.executeQuery(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = DATABASE()")) {
      while (rows.next()) {
        columns.add(rows.getString(1) + "\n" + rows.getString(2));
      }
    }
    return columns;
  }

  @Test
  void aTableThatTheServerDoesNotMakeIsNamedByTheCheck() throws Exception {
    Schema wide = SampleRows.wide(1_500);
    try (Sink sink = fixture(Map.of()).sink()) {
      assertThat(sink.check(List.of(SinkFixture.stream(wide))))
          .filteredOn(finding -> finding.severity() == Finding.Severity.ERROR)
          .singleElement()
          .extracting(Finding::message)
          .asString()
          .contains("does not make its table of 1501 columns with the key [id]: ");
      assertThat(sink.check(List.of(SinkFixture.stream(SampleRows.wide(120)))))
          .noneMatch(finding -> finding.severity() == Finding.Severity.ERROR);
    }
    assertThat(leftovers()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aRowThatNoPacketHoldsIsRefusedAndAllOthersCome(WriteMode mode) throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET GLOBAL max_allowed_packet = 1048576");
      try {
        Batch rows = SinkFixture.batch(SinkFixture.schema("note", "large"));
        for (int id = 1; id <= 1_000; id++) {
          SinkFixture.change(rows, Change.READ, id, "good", "'\\".repeat(2_500));
        }
        SinkFixture.change(rows, Change.READ, 1_001, "too large", "x".repeat(2_000_000));
        SinkFixture.change(rows, Change.READ, 1_002, "large", "x".repeat(900_000));

        SinkFixture failing = fixture(Map.of());
        assertThatThrownBy(() -> failing.write(mode, 1, rows))
            .isExactlyInstanceOf(IOException.class)
            .hasMessageContaining("destination 'orders'")
            .hasMessageContaining("raise 'max_allowed_packet'");
        SinkFixture keeping = fixture(Map.of("refused-rows", "table"));
        keeping.goOnAfter(failing);
        keeping.write(mode, 2, rows);

        assertThat(keeping.query("SELECT count(*), max(id), sum(length(large)) FROM orders"))
            .containsExactly("1001|1002|5900000");
        assertThat(keeping.query("SELECT record FROM _tapline_rejected"))
            .singleElement()
            .asString()
            .startsWith("{\"id\":\"1001\",\"note\":\"too large\",\"large\":\"xxx")
            .endsWith("x... (2000000 characters)\"}");
      } finally {
        statement.execute("SET GLOBAL max_allowed_packet = 67108864");
      }
    }
  }

  /// REPLICA IDENTITY FULL sends all that a deleted row had.
  @ParameterizedTest
  @ValueSource(strings = {"fail", "table"})
  void aRowThatNoPacketHoldsIsRemoved(String refused) throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      SinkFixture fixture = fixture(Map.of("refused-rows", refused));
      Batch rows = SinkFixture.batch(SinkFixture.schema("note", "large"));
      SinkFixture.change(rows, Change.INSERT, 1, "goes", "x".repeat(2_000_000));
      SinkFixture.change(rows, Change.INSERT, 2, "stays", "y");
      fixture.add(rows);
      statement.execute("SET GLOBAL max_allowed_packet = 1048576");
      try {
        SinkFixture later = fixture(Map.of("refused-rows", refused));
        later.goOnAfter(fixture);
        Batch gone = SinkFixture.batch(SinkFixture.schema("note", "large"));
        SinkFixture.change(gone, Change.DELETE, 1, "goes", "x".repeat(2_000_000));
        later.add(gone);

        assertThat(later.query("SELECT id, note FROM orders")).containsExactly("2|stays");
      } finally {
        statement.execute("SET GLOBAL max_allowed_packet = 67108864");
      }
    }
  }

  @Test
  void aStatementThatSomebodyCancelsIsTriedAgain() throws Exception {
    try (Connection victim = connect();
        Statement running = victim.createStatement();
        Connection other = connect();
        Statement statement = other.createStatement()) {
      statement.execute("CREATE TABLE held (id INT PRIMARY KEY)");
      other.setAutoCommit(false);
      statement.execute("INSERT INTO held VALUES (1)");
      long id;
      try (ResultSet own = running.executeQuery("SELECT CONNECTION_ID()")) {
        own.next();
        id = own.getLong(1);
      }
      CompletableFuture<Object> waiting =
          CompletableFuture.supplyAsync(() -> {
            try {
              return running.execute("INSERT INTO held VALUES (1)");
            } catch (SQLException e) {
              return e;
            }
          });
      String query =
          "SELECT 1 FROM information_schema.PROCESSLIST WHERE ID = %d AND INFO LIKE 'INSERT%%'"
              .formatted(id);
      while (!statement.executeQuery(query).next()) {
        assertThat(waiting).isNotDone();
      }
      statement.execute("KILL QUERY " + id);

      assertThat(waiting.get(30, TimeUnit.SECONDS))
          .isInstanceOfSatisfying(
              SQLException.class,
              e -> assertThat(sinksDialect().failure(e)).isEqualTo(FailureKind.TRANSIENT));
      other.rollback();
    }
  }

  private Dialect sinksDialect() {
    try {
      return dialect();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatATableRefusesIsThereUntilTheReasonIsMended() throws Exception {
    SinkFixture fixture = fixture(Map.of());
    fixture.add(SampleRows.codes(Change.INSERT, 1, 10));
    fixture.execute("CREATE UNIQUE INDEX other ON orders (code)");
    Checkpoint pending = fixture.prepare(SampleRows.codes(Change.INSERT, 2, 20, 3, 10));

    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> fixture.commit(pending))
          .hasMessageContaining("does not take a row into its table");
    }
    fixture.execute("DROP INDEX other ON orders");
    fixture.commit(pending);

    assertThat(fixture.query("SELECT id, code FROM orders ORDER BY id"))
        .containsExactly("1|10", "2|20", "3|10");
    assertThat(leftovers()).isEmpty();
  }

  /// It may come after it was looked whether there is one.
  @Test
  void anotherUniqueIndexThatIsNotKnownOfLetsNoRowPassEither() throws Exception {
    SinkFixture fixture = fixture(Map.of());
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
  protected @Nullable Object value(ResultSet rows, int index, DataType type) throws SQLException {
    // As an object, a time has no fraction, and no 24:00.
    String text = type == Scalar.TIME ? rows.getString(index) : null;
    return text == null ? super.value(rows, index, type) : CanonicalText.of(text, type);
  }
}
