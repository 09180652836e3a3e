package dev.tapline.sink.jdbc.commit;

import static dev.tapline.sink.jdbc.testing.SampleRows.first;
import static dev.tapline.sink.jdbc.testing.SampleRows.refusesARowOfAnotherUniqueIndex;
import static dev.tapline.sink.jdbc.testing.SampleRows.second;
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
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Rows that a table refuses because of something that its user has asked of it: they are staged
/// well, and fail when they are merged.
class SalvagingMergeTest {
  private static final Schema TWO = schema("note", "large");
  private static final String ROWS = "SELECT \"id\", \"note\" FROM \"orders\" ORDER BY \"id\"";
  private static final String REJECTED = "SELECT \"stream\", \"record\" FROM \"_tapline_rejected\"";

  @TempDir Path folder;

  private SinkFixture fixture(String url, Map<String, Object> keys) {
    return new SinkFixture(url, "shop", keys);
  }

  private static void forbidBadNotes(TestDatabase kind, SinkFixture fixture) throws Exception {
    fixture.execute(
        kind == TestDatabase.SQLITE
            ? "CREATE TRIGGER decent BEFORE INSERT ON \"orders\" WHEN NEW.\"note\" = 'bad'"
                + " BEGIN SELECT RAISE(ABORT, 'decent'); END"
            : kind == TestDatabase.HSQLDB
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
  void aChangeThatLeavesValuesOutMakesNoRow(TestDatabase kind) throws Exception {
    SinkFixture fixture = fixture(kind.url(folder), Map.of());
    fixture.add(first());

    assertThatThrownBy(() -> fixture.add(ofARowThatIsNotThere()))
        .hasMessageContaining("the table has no such row");

    assertThat(fixture.query(ROWS)).containsExactly("1|a", "2|b", "3|c");
  }

  @ParameterizedTest
  @EnumSource(names = "DUCKDB", mode = EnumSource.Mode.EXCLUDE)
  void suchAChangeIsPutAside(TestDatabase kind) throws Exception {
    SinkFixture fixture = fixture(kind.url(folder), Map.of("refused-rows", "table"));
    fixture.add(first());

    fixture.add(ofARowThatIsNotThere());

    assertThat(fixture.query(ROWS)).containsExactly("1|mended", "2|b", "3|c", "10|whole");
    assertThat(fixture.query(REJECTED)).singleElement().asString().contains("lost");
  }

  @ParameterizedTest
  @EnumSource(names = "DUCKDB", mode = EnumSource.Mode.EXCLUDE)
  void rowsThatACheckRefusesArePutAsideAndAllOthersAreMerged(TestDatabase kind) throws Exception {
    SinkFixture fixture = fixture(kind.url(folder), Map.of("refused-rows", "table"));
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
  void theRunEndsAndNamesTheRemedyWhereSuchRowsAreNotKept(TestDatabase kind) throws Exception {
    SinkFixture fixture = fixture(kind.url(folder), Map.of());
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
  void aTextThatIsTooLongForAColumnThatWasNarrowedIsPutAside(TestDatabase kind) throws Exception {
    SinkFixture fixture = fixture(kind.url(folder), Map.of("refused-rows", "table"));
    fixture.add(first());
    fixture.execute("ALTER TABLE \"orders\" ALTER COLUMN \"note\" SET DATA TYPE varchar(4)");

    fixture.add(second());

    assertThat(fixture.query(ROWS)).contains("1|bad", "30|good").doesNotContain("20|moved", "2|b");
    assertThat(fixture.query(REJECTED))
        .containsExactly("orders|{\"id\":\"20\",\"note\":\"moved\",\"large\":\"large 2\"}");
  }

  @ParameterizedTest
  @EnumSource(names = {"POSTGRES", "H2", "HSQLDB"})
  void aNullWhereTheUserWantsAValueIsPutAside(TestDatabase kind) throws Exception {
    SinkFixture fixture =
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

  @ParameterizedTest
  @EnumSource(names = "DUCKDB", mode = EnumSource.Mode.EXCLUDE)
  void aRowNeverComesInThePlaceOfOneWithAnotherKey(TestDatabase kind) throws Exception {
    String url = kind.url(folder);
    refusesARowOfAnotherUniqueIndex(
        fixture(url, Map.of()), fixture(url, Map.of("refused-rows", "table")));
  }

  @Test
  void aRowThatIsAppendedIsPutAsideToo() throws Exception {
    SinkFixture fixture =
        fixture(
            TestDatabase.POSTGRES.url(folder),
            Map.of("refused-rows", "table", "modes", Map.of("*", "append")));
    fixture.add(first());
    fixture.execute("ALTER TABLE orders ADD CONSTRAINT decent CHECK (note <> 'bad')");

    fixture.add(second());

    assertThat(fixture.query("SELECT count(*) FROM orders WHERE _op = 'i'")).containsExactly("31");
    assertThat(fixture.query("SELECT count(*) FROM _tapline_rejected")).containsExactly("4");
  }

  @Test
  void whatDuckDbRefusesSoLateEndsTheRun() throws Exception {
    SinkFixture fixture = fixture(TestDatabase.DUCKDB.url(folder), Map.of("refused-rows", "table"));
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
