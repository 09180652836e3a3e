package dev.tapline.sink.jdbc;

import static dev.tapline.sink.jdbc.Fixture.batch;
import static dev.tapline.sink.jdbc.Fixture.change;
import static dev.tapline.sink.jdbc.Fixture.schema;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Schema;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Rows that a table refuses because of something that its user has asked of it: they are staged
/// well, and fail when they are merged.
class RefusedRowsTest {
  private static final Schema TWO = schema("note", "large");
  private static final String ROWS = "SELECT \"id\", \"note\" FROM \"orders\" ORDER BY \"id\"";
  private static final String REJECTED = "SELECT \"stream\", \"record\" FROM \"_tapline_rejected\"";

  @TempDir Path folder;

  private Fixture fixture(String url, Map<String, Object> keys) {
    return new Fixture(url, "shop", keys);
  }

  static Batch first() {
    Batch first = batch(TWO);
    change(first, Change.INSERT, 1, "a", "large 1");
    change(first, Change.INSERT, 2, "b", "large 2");
    change(first, Change.INSERT, 3, "c", "large 3");
    return first;
  }

  static Batch second() {
    Batch second = batch(TWO);
    change(second, Change.UPDATE, 1, "bad", "unchanged");
    change(second, Change.DELETE, 2, null, null);
    change(second, Change.INSERT, 20, "moved", "unchanged");
    change(second, Change.DELETE, 3, null, null);
    for (int i = 30; i < 60; i++) {
      change(second, Change.INSERT, i, i % 10 == 7 ? "bad" : "good", "x");
    }
    return second;
  }

  private static void forbidBadNotes(Kind kind, Fixture fixture) throws Exception {
    fixture.execute(
        kind == Kind.SQLITE
            ? "CREATE TRIGGER decent BEFORE INSERT ON \"orders\" WHEN NEW.\"note\" = 'bad'"
                + " BEGIN SELECT RAISE(ABORT, 'decent'); END"
            : kind == Kind.HSQLDB
                ? "ALTER TABLE \"orders\" ADD CONSTRAINT decent CHECK (CAST(\"note\" AS VARCHAR(9)) <> 'bad')"
                : "ALTER TABLE \"orders\" ADD CONSTRAINT decent CHECK (\"note\" <> 'bad')");
  }

  private static Batch ofARowThatIsNotThere() {
    Batch batch = batch(TWO);
    change(batch, Change.UPDATE, 1, "mended", "unchanged");
    change(batch, Change.UPDATE, 9, "lost", "unchanged");
    change(batch, Change.INSERT, 10, "whole", "large 10");
    return batch;
  }

  @ParameterizedTest
  @EnumSource
  void aChangeThatLeavesValuesOutMakesNoRow(Kind kind) throws Exception {
    Fixture fixture = fixture(kind.url(folder), Map.of());
    fixture.add(first());

    assertThatThrownBy(() -> fixture.add(ofARowThatIsNotThere()))
        .hasMessageContaining("the table has no such row");

    assertThat(fixture.query(ROWS)).containsExactly("1|a", "2|b", "3|c");
  }

  @ParameterizedTest
  @EnumSource(names = "DUCKDB", mode = EnumSource.Mode.EXCLUDE)
  void suchAChangeIsPutAside(Kind kind) throws Exception {
    Fixture fixture = fixture(kind.url(folder), Map.of("refused-rows", "table"));
    fixture.add(first());

    fixture.add(ofARowThatIsNotThere());

    assertThat(fixture.query(ROWS)).containsExactly("1|mended", "2|b", "3|c", "10|whole");
    assertThat(fixture.query(REJECTED)).singleElement().asString().contains("lost");
  }

  @ParameterizedTest
  @EnumSource(names = "DUCKDB", mode = EnumSource.Mode.EXCLUDE)
  void rowsThatACheckRefusesArePutAsideAndAllOthersAreMerged(Kind kind) throws Exception {
    Fixture fixture = fixture(kind.url(folder), Map.of("refused-rows", "table"));
    fixture.add(first());
    forbidBadNotes(kind, fixture);

    fixture.add(second());

    assertThat(fixture.query(ROWS))
        .hasSize(1 + 1 + 27)
        .contains("1|a", "20|moved", "30|good", "59|good")
        .doesNotContain("2|b", "3|c", "37|bad");
    assertThat(
            fixture.query(
                "SELECT \"large\" FROM \"orders\" WHERE \"id\" IN (1, 20) ORDER BY \"id\""))
        .containsExactly("large 1", "large 2");
    assertThat(fixture.query(REJECTED))
        .containsExactlyInAnyOrder(
            "orders|{\"id\":\"1\",\"note\":\"bad\",\"large\":\"large 1\"}",
            "orders|{\"id\":\"37\",\"note\":\"bad\",\"large\":\"x\"}",
            "orders|{\"id\":\"47\",\"note\":\"bad\",\"large\":\"x\"}",
            "orders|{\"id\":\"57\",\"note\":\"bad\",\"large\":\"x\"}");
    assertThat(fixture.query("SELECT \"reason\" FROM \"_tapline_rejected\""))
        .allMatch(reason -> reason.toLowerCase(java.util.Locale.ROOT).contains("decent"));
  }

  @ParameterizedTest
  @EnumSource(names = "DUCKDB", mode = EnumSource.Mode.EXCLUDE)
  void theRunEndsAndNamesTheRemedyWhereSuchRowsAreNotKept(Kind kind) throws Exception {
    Fixture fixture = fixture(kind.url(folder), Map.of());
    fixture.add(first());
    forbidBadNotes(kind, fixture);

    assertThatThrownBy(() -> fixture.add(second()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("destination 'orders':")
        .hasMessageContaining("does not take a row into its table")
        .hasMessageContaining("or set 'sink.refused-rows: table'");
    assertThat(fixture.query(ROWS)).containsExactly("1|a", "2|b", "3|c");
  }

  @ParameterizedTest
  @EnumSource(names = {"POSTGRES", "H2"})
  void aTextThatIsTooLongForAColumnThatWasNarrowedIsPutAside(Kind kind) throws Exception {
    Fixture fixture = fixture(kind.url(folder), Map.of("refused-rows", "table"));
    fixture.add(first());
    fixture.execute("ALTER TABLE \"orders\" ALTER COLUMN \"note\" SET DATA TYPE varchar(4)");

    fixture.add(second());

    assertThat(fixture.query(ROWS)).contains("1|bad", "30|good").doesNotContain("20|moved", "2|b");
    assertThat(fixture.query(REJECTED))
        .containsExactly("orders|{\"id\":\"20\",\"note\":\"moved\",\"large\":\"large 2\"}");
  }

  @ParameterizedTest
  @EnumSource(names = {"POSTGRES", "H2", "HSQLDB"})
  void aNullWhereTheUserWantsAValueIsPutAside(Kind kind) throws Exception {
    Fixture fixture =
        fixture(kind.url(folder), Map.of("refused-rows", "table", "metadata", "stitch"));
    fixture.add(first());
    fixture.execute("ALTER TABLE \"orders\" ALTER COLUMN \"large\" SET NOT NULL");
    Batch second = batch(TWO);
    change(second, Change.UPDATE, 2, "changed", null);
    change(second, Change.UPDATE, 3, "changed", "unchanged");

    fixture.add(second);

    assertThat(fixture.query(ROWS)).containsExactly("1|a", "2|b", "3|changed");
    assertThat(fixture.query("SELECT \"record\" FROM \"_sdc_rejected\""))
        .singleElement()
        .asString()
        .startsWith("{\"id\":\"2\",\"note\":\"changed\",\"large\":null,");
  }

  static Batch codes(Change change, long... idsAndCodes) {
    Batch codes =
        batch(
            new Schema(
                List.of(
                    new Field("id", Scalar.INT64, false, "bigint", ""),
                    new Field("code", Scalar.INT64, true, "bigint", "")),
                List.of("id")));
    for (int i = 0; i < idsAndCodes.length; i += 2) {
      ((LongColumn) codes.column(0)).append(idsAndCodes[i]);
      ((LongColumn) codes.column(1)).append(idsAndCodes[i + 1]);
      codes.endRow(change, 4711, i, 1_000_000, 731);
    }
    return codes;
  }

  /// A row that another unique index does not take never comes in the place of the row that has its
  /// value there.
  static void refusesARowOfAnotherUniqueIndex(Fixture failing, Fixture keeping) throws Exception {
    failing.add(codes(Change.INSERT, 1, 10, 2, 20));
    failing.execute("CREATE UNIQUE INDEX other ON \"orders\" (\"code\")");

    assertThatThrownBy(() -> failing.add(codes(Change.INSERT, 3, 20, 4, 40)))
        .hasMessageContaining("does not take a row into its table");
    assertThatThrownBy(() -> failing.add(codes(Change.UPDATE, 1, 20)))
        .hasMessageContaining("does not take a row into its table");
    assertThat(failing.query("SELECT \"id\", \"code\" FROM \"orders\" ORDER BY \"id\""))
        .containsExactly("1|10", "2|20");

    keeping.goOnAfter(failing);
    keeping.add(codes(Change.UPDATE, 1, 11, 2, 20, 3, 20, 4, 40));
    assertThat(keeping.query("SELECT \"id\", \"code\" FROM \"orders\" ORDER BY \"id\""))
        .containsExactly("1|11", "2|20", "4|40");
    assertThat(keeping.query(REJECTED)).containsExactly("orders|{\"id\":\"3\",\"code\":\"20\"}");
  }

  @ParameterizedTest
  @EnumSource(names = "DUCKDB", mode = EnumSource.Mode.EXCLUDE)
  void aRowNeverComesInThePlaceOfOneWithAnotherKey(Kind kind) throws Exception {
    String url = kind.url(folder);
    refusesARowOfAnotherUniqueIndex(
        fixture(url, Map.of()), fixture(url, Map.of("refused-rows", "table")));
  }

  @Test
  void aRowThatIsAppendedIsPutAsideToo() throws Exception {
    Fixture fixture =
        fixture(
            Kind.POSTGRES.url(folder),
            Map.of("refused-rows", "table", "modes", Map.of("*", "append")));
    fixture.add(first());
    fixture.execute("ALTER TABLE orders ADD CONSTRAINT decent CHECK (note <> 'bad')");

    fixture.add(second());

    assertThat(fixture.query("SELECT count(*) FROM orders WHERE _op = 'i'")).containsExactly("31");
    assertThat(fixture.query("SELECT count(*) FROM _tapline_rejected")).containsExactly("4");
  }

  @Test
  void whatDuckDbRefusesSoLateEndsTheRun() throws Exception {
    Fixture fixture = fixture(Kind.DUCKDB.url(folder), Map.of("refused-rows", "table"));
    fixture.add(first());
    fixture.execute("ALTER TABLE \"orders\" ALTER COLUMN \"note\" SET NOT NULL");
    Batch second = batch(TWO);
    change(second, Change.UPDATE, 2, null, "unchanged");

    assertThatThrownBy(() -> fixture.add(second))
        .hasMessageContaining("destination 'orders': DuckDB does not take a row into its table")
        .hasMessageContaining("cannot be put aside here");
    assertThat(fixture.query(ROWS)).containsExactly("1|a", "2|b", "3|c");
  }
}
