package dev.tapline.sink.jdbc;

import static dev.tapline.sink.jdbc.testing.SinkFixture.batch;
import static dev.tapline.sink.jdbc.testing.SinkFixture.change;
import static dev.tapline.sink.jdbc.testing.SinkFixture.schema;
import static dev.tapline.sink.jdbc.testing.SinkFixture.truncate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.sink.jdbc.testing.SampleRows;
import dev.tapline.sink.jdbc.testing.SinkFixture;
import dev.tapline.sink.jdbc.testing.TestDatabase;
import dev.tapline.spi.Position;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.Checkpoint;
import dev.tapline.spi.sink.GrowingClock;
import dev.tapline.spi.sink.Sink;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What becomes of changes, in each way that databases merge them.
class JdbcSinkTest {
  private static final Schema TWO = schema("note", "large");

  @TempDir Path folder;

  private SinkFixture fixture(TestDatabase kind, String pipeline, Map<String, Object> keys) {
    return new SinkFixture(url(kind), pipeline, keys);
  }

  private String url = "";

  private String url(TestDatabase kind) {
    url = url.isEmpty() ? kind.url(folder) : url;
    return url;
  }

  private static final String ROWS =
      "SELECT \"id\", \"note\", \"large\" FROM \"orders\" ORDER BY \"id\"";

  @ParameterizedTest
  @EnumSource
  void aChangedKeyTakesItsLargeValueAlong(TestDatabase kind) throws Exception {
    SinkFixture fixture = fixture(kind, "shop", Map.of());
    Batch first = batch(TWO);
    change(first, Change.INSERT, 1, "a", "large 1");
    change(first, Change.INSERT, 2, "b", "large 2");
    fixture.add(first);
    Batch moves = batch(TWO);
    change(moves, Change.DELETE, 1, null, null);
    change(moves, Change.INSERT, 10, "moved", "unchanged");
    change(moves, Change.DELETE, 10, null, null);
    change(moves, Change.INSERT, 11, "moved twice", "unchanged");
    change(moves, Change.DELETE, 2, null, null);
    change(moves, Change.INSERT, 1, "takes the old key", "unchanged");
    change(moves, Change.INSERT, 3, "new", "large 3");
    change(moves, Change.DELETE, 3, null, null);
    change(moves, Change.INSERT, 4, "moved in the chunk", "unchanged");
    change(moves, Change.UPDATE, 4, "and changed", "unchanged");
    fixture.add(moves);
    assertThat(fixture.query(ROWS))
        .containsExactly(
            "1|takes the old key|large 2", "4|and changed|large 3", "11|moved twice|large 1");
  }

  @ParameterizedTest
  @EnumSource
  void deletedRowsStayWithTheirTimeWhenDeletesAreSoft(TestDatabase kind) throws Exception {
    SinkFixture fixture = fixture(kind, "shop", Map.of("deletes", "soft"));
    Batch first = batch(TWO);
    change(first, Change.INSERT, 1, "a", "large 1");
    change(first, Change.INSERT, 2, "b", "large 2");
    change(first, Change.INSERT, 3, "c", "large 3");
    change(first, Change.DELETE, 3, null, null);
    fixture.add(first);
    Batch second = batch(TWO);
    change(second, Change.DELETE, 1, null, null);
    change(second, Change.DELETE, 2, null, null);
    change(second, Change.INSERT, 2, "again", "large again");
    fixture.add(second);
    String rows =
        "SELECT \"id\", \"note\", CASE WHEN \"_deleted_at\" IS NULL THEN 'present' ELSE 'deleted' END"
            + " FROM \"orders\" ORDER BY \"id\"";
    assertThat(fixture.query(rows))
        .containsExactly("1|a|deleted", "2|again|present", "3|c|deleted");
    Batch third = batch(TWO);
    change(third, Change.INSERT, 4, "before", "x");
    truncate(third);
    change(third, Change.INSERT, 5, "after", "x");
    fixture.add(third);
    assertThat(fixture.query(rows))
        .containsExactly(
            "1|a|deleted", "2|again|deleted", "3|c|deleted", "4|before|deleted", "5|after|present");
  }

  @ParameterizedTest
  @EnumSource
  void columnsComeAndGo(TestDatabase kind) throws Exception {
    SinkFixture fixture = fixture(kind, "shop", Map.of());
    Batch first = batch(schema("note"));
    change(first, Change.INSERT, 1, "a");
    change(first, Change.INSERT, 2, "b");
    fixture.add(first);
    Batch second = batch(schema("large"));
    change(second, Change.UPDATE, 1, "added");
    fixture.add(second);
    assertThat(fixture.query(ROWS)).containsExactly("1|null|added", "2|b|null");
  }

  @ParameterizedTest
  @EnumSource(names = {"POSTGRES", "H2", "DUCKDB"})
  void aColumnIsWidenedAndMayBecomeNull(TestDatabase kind) throws Exception {
    SinkFixture fixture = fixture(kind, "shop", Map.of());
    fixture.add(numbers(Scalar.INT16, 1, 7));
    fixture.add(numbers(Scalar.INT64, 2, Long.MAX_VALUE));
    Batch text = batch(typed(Scalar.TEXT));
    change(text, Change.INSERT, 3, (String) null);
    change(text, Change.INSERT, 4, "no number");
    fixture.add(text);
    fixture.add(numbers(Scalar.INT32, 5, 8));
    assertThat(fixture.query("SELECT \"id\", \"n\" FROM \"orders\" ORDER BY \"id\""))
        .containsExactly("1|7", "2|9223372036854775807", "3|null", "4|no number", "5|8");
  }

  private static Schema typed(Scalar type) {
    return new Schema(
        List.of(
            new Field("id", Scalar.INT64, false, "bigint", ""),
            new Field("n", type, false, "", "")),
        List.of("id"));
  }

  private static Batch numbers(Scalar type, long id, long number) {
    Batch batch = batch(typed(type));
    ((LongColumn) batch.column(0)).append(id);
    ((LongColumn) batch.column(1)).append(number);
    batch.endRow(Change.INSERT, 4711, 0, 1_000_000, 731);
    return batch;
  }

  @ParameterizedTest
  @EnumSource
  void aStreamWithoutAKeyKeepsEveryChangeUnderAGeneratedOne(TestDatabase kind) throws Exception {
    SinkFixture fixture = fixture(kind, "shop", Map.of());
    Batch changes = batch(SinkFixture.withoutKey(TWO));
    change(changes, Change.INSERT, 1, "a", "x");
    change(changes, Change.UPDATE, 1, "b", "unchanged");
    change(changes, Change.DELETE, 1, null, null);
    truncate(changes);
    fixture.add(changes);
    assertThat(
            fixture.query(
                "SELECT \"_op\", \"id\", \"note\", \"large\", \"_seq\", \"_unchanged\" FROM \"orders\""
                    + " ORDER BY \"_seq\""))
        .containsExactly(
            "i|1|a|x|0|null",
            "u|1|b|null|1|large",
            "d|1|null|null|2|null",
            "t|null|null|null|3|null");
    assertThat(fixture.query("SELECT DISTINCT \"_row_key\" FROM \"orders\"")).hasSize(4);
  }

  @ParameterizedTest
  @EnumSource
  void aHistoryIsKeptWhereItIsWanted(TestDatabase kind) throws Exception {
    SinkFixture fixture =
        fixture(kind, "shop", Map.of("modes", Map.of("*", "merge", "ord*", "append")));
    Batch changes = batch(TWO);
    change(changes, Change.INSERT, 1, "a", "x");
    change(changes, Change.UPDATE, 1, "b", "y");
    fixture.add(changes);
    assertThat(fixture.query("SELECT \"_op\", \"note\" FROM \"orders\" ORDER BY \"_seq\""))
        .containsExactly("i|a", "u|b");
  }

  @ParameterizedTest
  @EnumSource
  void stitchsMetadataStandBesideTheData(TestDatabase kind) throws Exception {
    SinkFixture fixture = fixture(kind, "shop", Map.of("metadata", "stitch", "deletes", "soft"));
    Batch changes = batch(TWO);
    change(changes, Change.INSERT, 1, "a", "x");
    change(changes, Change.INSERT, 2, "a", "x");
    change(changes, Change.DELETE, 1, null, null);
    fixture.add(changes);
    assertThat(
            fixture.query(
                "SELECT \"id\" FROM \"orders\" WHERE \"_sdc_deleted_at\" IS NOT NULL"
                    + " AND \"_sdc_extracted_at\" IS NOT NULL AND \"_sdc_received_at\" IS NOT NULL"
                    + " AND \"_sdc_batched_at\" IS NOT NULL AND \"_sdc_table_version\" = 1"
                    + " AND \"_sdc_sequence\" > 1600000000000000"))
        .containsExactly("1");
  }

  @ParameterizedTest
  @EnumSource
  void numbersOfRowsAndVersionsGrowWhenTheMachinesClockIsSetBack(TestDatabase kind)
      throws Exception {
    SinkFixture fixture =
        fixture(kind, "shop", Map.of("metadata", "stitch", "modes", Map.of("*", "append")));
    Instant noon = Instant.parse("2026-07-01T12:00:00Z");
    fixture.clock = new GrowingClock(() -> noon, 0);
    for (long id = 1; id <= 6; id += 2) {
      Batch changes = batch(TWO);
      change(changes, Change.INSERT, id, "a", "x");
      change(changes, Change.INSERT, id + 1, "a", "x");
      fixture.add(changes);
      fixture.clock = new GrowingClock(() -> noon.minusSeconds(3_600), fixture.clock.last());
    }
    assertThat(fixture.query("SELECT \"id\" FROM \"orders\" ORDER BY \"_sdc_sequence\""))
        .containsExactly("1", "2", "3", "4", "5", "6");
    assertThat(fixture.query("SELECT count(DISTINCT \"_sdc_sequence\") FROM \"orders\""))
        .containsExactly("6");
    Batch anew = batch(TWO);
    change(anew, Change.READ, 1, "a", "x");
    fixture.replace(4711, anew);
    try (Sink sink = fixture.sink();
        var committer = sink.openCommitter()) {
      assertThat(committer.highestVersion()).isEqualTo(4711);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRowWithoutAKeyIsRefusedOrKeptElsewhere(TestDatabase kind) throws Exception {
    Batch rows = batch(TWO);
    change(rows, Change.INSERT, 1, "a", "x");
    rows.column(0).appendNull();
    ((dev.tapline.spi.batch.BytesColumn) rows.column(1)).append("say \"no\"");
    rows.column(2).appendNull();
    rows.endRow(Change.INSERT, 4711, 1, 1_000_000, 731);
    rows.column(0).appendNull();
    ((dev.tapline.spi.batch.BytesColumn) rows.column(1)).append("another");
    rows.column(2).appendNull();
    rows.endRow(Change.INSERT, 4711, 2, 1_000_000, 731);
    assertThatThrownBy(() -> fixture(kind, "shop", Map.of()).add(rows))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("destination 'orders': column 'id' is part of the key and NULL");
    SinkFixture tolerant = fixture(kind, "shop", Map.of("refused-rows", "table"));
    tolerant.add(rows);
    assertThat(tolerant.query(ROWS)).containsExactly("1|a|x");
    assertThat(
            tolerant.query("SELECT \"stream\", \"reason\", \"record\" FROM \"_tapline_rejected\""))
        .containsExactly(
            "orders|column 'id' is part of the key and NULL|{\"id\":null,\"note\":\"say \\\"no\\\"\",\"large\":null}",
            "orders|column 'id' is part of the key and NULL|{\"id\":null,\"note\":\"another\",\"large\":null}");
  }

  @ParameterizedTest
  @EnumSource
  void twoPipelinesDoNotMeet(TestDatabase kind) throws Exception {
    Batch rows = batch(TWO);
    change(rows, Change.INSERT, 1, "a", "x");
    fixture(kind, "shop", Map.of()).add(rows);
    SinkFixture other = fixture(kind, "other", Map.of());
    try (Sink sink = other.sink()) {
      assertThat(sink.check(List.of(SinkFixture.stream(TWO))))
          .filteredOn(finding -> finding.severity() == Finding.Severity.ERROR)
          .extracting(Finding::message)
          .containsExactly("its table 'orders' is written by the pipeline 'shop'");
    }
    assertThatThrownBy(() -> other.add(rows))
        .hasMessageContaining("its table is written by the pipeline 'shop'");
    assertThat(other.query(ROWS)).containsExactly("1|a|x");
  }

  @ParameterizedTest
  @EnumSource
  void aTableThatSomebodyElseHasMadeIsLeftAlone(TestDatabase kind) throws Exception {
    SinkFixture fixture = fixture(kind, "shop", Map.of());
    fixture.execute("CREATE TABLE \"orders\" (\"id\" INTEGER)");
    Batch rows = batch(TWO);
    change(rows, Change.INSERT, 1, "a", "x");
    try (Sink sink = fixture.sink()) {
      assertThat(sink.check(List.of(SinkFixture.stream(TWO))))
          .filteredOn(finding -> finding.severity() == Finding.Severity.ERROR)
          .extracting(Finding::message)
          .containsExactly(
              "there is a table 'orders' in the destination that Tapline has not made");
    }
    assertThatThrownBy(() -> fixture.add(rows))
        .hasMessageContaining("there is a table of that name, which Tapline has not made");
  }

  @ParameterizedTest
  @EnumSource
  void aLedgerThatIsFurtherThanTheRunEndsIt(TestDatabase kind) throws Exception {
    SinkFixture fixture = fixture(kind, "shop", Map.of());
    Batch rows = batch(TWO);
    change(rows, Change.INSERT, 1, "a", "x");
    fixture.add(rows);
    fixture.add(rows);
    try (Sink sink = fixture.sink();
        var committer = sink.openCommitter()) {
      assertThatThrownBy(() -> committer.commit(new Checkpoint(1, Map.of(), List.of(), Map.of())))
          .hasMessageContaining(
              "the ledger of 'shop' is at checkpoint 2 already, and checkpoint 1 is to be committed");
    }
  }

  /// Streams of a slot come to another place together, with each change of one.
  @ParameterizedTest
  @EnumSource
  void theLedgerIsNoLargerWhereStreamsAreMany(TestDatabase kind) throws Exception {
    SinkFixture fixture = fixture(kind, "shop", Map.of());
    Map<StreamName, Position> places = new TreeMap<>();
    for (int i = 0; i < 5_000; i++) {
      places.put(new StreamName("shop", "public", "t" + i), Position.of("lsn", "0/" + i % 2));
    }
    try (Sink sink = fixture.sink();
        var committer = sink.openCommitter()) {
      committer.commit(new Checkpoint(1, Map.of(), List.of(), places));

      assertThat(committer.lastPositions())
          .containsExactly(
              Map.entry("shop.public.t0", "lsn=0/0"), Map.entry("shop.public.t1", "lsn=0/1"));
    }
    assertThat(fixture.query("SELECT length(\"positions\") FROM \"_tapline_ledger\"").getFirst())
        .hasSizeLessThan(3);
  }

  /// What merging needs to know stands beside a row's columns, and has to find room, too.
  @ParameterizedTest
  @EnumSource(names = {"POSTGRES", "SQLITE"})
  void aTableWithMoreColumnsThanThereCanBeIsNamedByTheCheck(TestDatabase kind) throws Exception {
    int most = kind == TestDatabase.POSTGRES ? 1_600 : 2_000;
    SinkFixture fixture =
        fixture(kind, "shop", kind == TestDatabase.SQLITE ? Map.of() : Map.of("schema", "new"));
    try (Sink sink = fixture.sink()) {
      assertThat(sink.check(List.of(SinkFixture.stream(SampleRows.wide(most - 1)))))
          .filteredOn(finding -> finding.severity() == Finding.Severity.ERROR)
          .singleElement()
          .extracting(Finding::message)
          .asString()
          .contains("does not make its table of " + most + " columns");
      assertThat(sink.check(List.of(SinkFixture.stream(SampleRows.wide(most - 10)))))
          .noneMatch(finding -> finding.severity() == Finding.Severity.ERROR);
    }
    assertThat(fixture.tables()).filteredOn(name -> name.startsWith("_t")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aNamedSchemaIsMade(TestDatabase kind) throws Exception {
    if (kind == TestDatabase.SQLITE) {
      return; // it has no schemas to make
    }
    SinkFixture fixture = fixture(kind, "shop", Map.of("schema", "copy"));
    Batch rows = batch(TWO);
    change(rows, Change.INSERT, 1, "a", "x");
    fixture.add(rows);
    fixture.add(rows);
    assertThat(fixture.query("SELECT \"note\" FROM \"copy\".\"orders\"")).containsExactly("a");
  }
}
