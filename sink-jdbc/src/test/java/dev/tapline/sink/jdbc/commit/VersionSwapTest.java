package dev.tapline.sink.jdbc.commit;

import static dev.tapline.sink.jdbc.testing.SinkFixture.batch;
import static dev.tapline.sink.jdbc.testing.SinkFixture.change;
import static dev.tapline.sink.jdbc.testing.SinkFixture.schema;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.sink.jdbc.testing.SinkFixture;
import dev.tapline.sink.jdbc.testing.TestDatabase;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.catalog.Schema;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What people have added to a table is there when a new version has taken its place.
class VersionSwapTest {
  private static final Schema NOTES = SinkFixture.NOTES;

  @TempDir Path folder;

  private static Batch rows(Schema schema, String note, long... ids) {
    Batch rows = batch(schema);
    for (long id : ids) {
      change(rows, Change.READ, id, note);
    }
    return rows;
  }

  private SinkFixture replaced(TestDatabase kind, String... additions) throws Exception {
    SinkFixture fixture = new SinkFixture(kind.url(folder), "shop", Map.of());
    fixture.replace(1, rows(NOTES, "old", 1, 2, 3));
    for (String addition : additions) {
      fixture.execute(addition);
    }
    fixture.replace(2, rows(NOTES, "new", 1, 4));
    assertThat(fixture.query("SELECT \"id\", \"note\" FROM \"orders\" ORDER BY \"id\""))
        .containsExactly("1|new", "4|new");
    return fixture;
  }

  @ParameterizedTest
  @EnumSource
  void aViewShowsTheNewRows(TestDatabase kind) throws Exception {
    SinkFixture fixture =
        replaced(kind, "CREATE VIEW \"seen\" AS SELECT \"id\" FROM \"orders\" WHERE \"id\" > 1");

    assertThat(fixture.query("SELECT \"id\" FROM \"seen\"")).containsExactly("4");
    fixture.replace(3, rows(NOTES, "newer", 7));
    assertThat(fixture.query("SELECT \"id\" FROM \"seen\"")).containsExactly("7");
  }

  @ParameterizedTest
  @EnumSource(names = "HSQLDB", mode = EnumSource.Mode.EXCLUDE)
  void anIndexStays(TestDatabase kind) throws Exception {
    SinkFixture fixture =
        replaced(
            kind,
            kind == TestDatabase.H2
                ? "CREATE INDEX \"added\" ON \"orders\" (\"id\" DESC)"
                : "CREATE INDEX added ON \"orders\" (\"note\")");

    String indexes =
        switch (kind) {
          case POSTGRES -> "SELECT tablename FROM pg_indexes WHERE indexname = 'added'";
          case H2 -> "SELECT TABLE_NAME FROM INFORMATION_SCHEMA.INDEXES WHERE INDEX_NAME = 'added'";
          case SQLITE -> "SELECT tbl_name FROM sqlite_master WHERE name = 'added'";
          case DUCKDB -> "SELECT table_name FROM duckdb_indexes() WHERE index_name = 'added'";
          case HSQLDB -> throw new IllegalStateException();
        };
    assertThat(fixture.query(indexes)).containsExactly("orders");
  }

  @Test
  void grantsAndCommentsAreHandedOnInPostgresql() throws Exception {
    String reader = "reader_" + Long.toString(System.nanoTime(), 36);
    SinkFixture fixture =
        replaced(
            TestDatabase.POSTGRES,
            "CREATE ROLE %s; CREATE ROLE %s_too".formatted(reader, reader),
            "GRANT SELECT ON orders TO %s WITH GRANT OPTION; GRANT SELECT (note) ON orders TO PUBLIC"
                .formatted(reader),
            "COMMENT ON TABLE orders IS 'what people''ve ordered, 100 %'",
            "COMMENT ON COLUMN orders.note IS 'theirs'",
            // The next version would have this of itself, and the old one has not.
            "ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO %s_too".formatted(reader));

    assertThat(
            fixture.query(
                "SELECT obj_description('orders'::regclass), col_description('orders'::regclass, 2)"))
        .containsExactly("what people've ordered, 100 %|theirs");
    assertThat(
            fixture.query(
                "SELECT has_table_privilege('%1$s', 'orders', 'SELECT WITH GRANT OPTION'), has_table_privilege('%1$s_too', 'orders', 'INSERT'), has_column_privilege('%1$s_too', 'orders', 'note', 'SELECT'), has_column_privilege('%1$s_too', 'orders', 'id', 'SELECT')"
                    .formatted(reader)))
        .containsExactly("t|f|t|f");
    fixture.execute("ALTER DEFAULT PRIVILEGES REVOKE ALL ON TABLES FROM %s_too".formatted(reader));
  }

  @Test
  void policiesTriggersChecksAndForeignKeysStayInPostgresql() throws Exception {
    SinkFixture fixture =
        replaced(
            TestDatabase.POSTGRES,
            "CREATE TABLE log (what text)",
            "CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log VALUES (TG_OP); RETURN NULL; END $$",
            "CREATE TRIGGER watch AFTER INSERT ON orders EXECUTE FUNCTION noted()",
            "ALTER TABLE orders ENABLE ROW LEVEL SECURITY",
            "CREATE POLICY own ON orders USING (id > 1)",
            "ALTER TABLE orders ADD CHECK (note <> 'never')");

    assertThat(
            fixture.query(
                "SELECT relrowsecurity, (SELECT count(*) FROM pg_policy WHERE polrelid = c.oid), (SELECT count(*) FROM pg_constraint WHERE conrelid = c.oid AND contype = 'c'), (SELECT count(*) FROM log) FROM pg_class c WHERE oid = 'orders'::regclass"))
        .containsExactly("t|1|1|1");
  }

  @Test
  void aTableWithoutAdditionsGivesWayAsAWhole() throws Exception {
    SinkFixture fixture = new SinkFixture(TestDatabase.POSTGRES.url(folder), "shop", Map.of());
    fixture.replace(1, rows(NOTES, "old", 1));
    String before = fixture.query("SELECT 'orders'::regclass::oid").getFirst();
    fixture.replace(2, rows(NOTES, "new", 1));

    assertThat(fixture.query("SELECT 'orders'::regclass::oid")).doesNotContain(before);
    assertThat(fixture.query("SELECT indexname FROM pg_indexes WHERE tablename = 'orders'"))
        .containsExactly("orders_pkey");
  }

  @ParameterizedTest
  @EnumSource(names = {"POSTGRES", "SQLITE", "DUCKDB"})
  void aTableThatStaysGetsTheColumnsOfTheNewVersion(TestDatabase kind) throws Exception {
    SinkFixture fixture = new SinkFixture(kind.url(folder), "shop", Map.of());
    fixture.replace(1, rows(schema("gone"), "old", 1, 2));
    fixture.execute("CREATE INDEX added ON \"orders\" (\"gone\")");

    fixture.replace(2, rows(schema("come"), "new", 2, 3));
    fixture.add(rows(schema("come"), "changed", 3));

    assertThat(fixture.query("SELECT \"id\", \"gone\", \"come\" FROM \"orders\" ORDER BY \"id\""))
        .containsExactly("2|null|new", "3|null|changed");
  }

  @Test
  void aViewThatNeedsATypeThatChangesEndsTheRunAndIsNamed() throws Exception {
    SinkFixture fixture = new SinkFixture(TestDatabase.POSTGRES.url(folder), "shop", Map.of());
    fixture.replace(1, rows(NOTES, "old", 1));
    fixture.execute("CREATE VIEW seen AS SELECT id FROM orders");
    Schema texts =
        new Schema(
            java.util.List.of(
                new dev.tapline.spi.catalog.Field(
                    "id", dev.tapline.spi.catalog.DataType.Scalar.TEXT, false, "text", ""),
                NOTES.fields().get(1)),
            NOTES.key());
    Batch next = batch(texts);
    ((dev.tapline.spi.batch.BytesColumn) next.column(0)).append("one");
    ((dev.tapline.spi.batch.BytesColumn) next.column(1)).append("new");
    next.endRow(Change.READ, 4711, 0, 1_000_000, 731);

    assertThatThrownBy(() -> fixture.replace(2, next))
        .hasMessageContaining("used by a view")
        .hasMessageContaining("seen");
    assertThat(fixture.query("SELECT id, note FROM orders")).containsExactly("1|old");
  }
}
