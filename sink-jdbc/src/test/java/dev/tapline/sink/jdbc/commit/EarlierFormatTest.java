package dev.tapline.sink.jdbc.commit;

import static dev.tapline.sink.jdbc.testing.SinkFixture.batch;
import static dev.tapline.sink.jdbc.testing.SinkFixture.change;
import static dev.tapline.sink.jdbc.testing.SinkFixture.schema;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.tapline.sink.jdbc.testing.SinkFixture;
import dev.tapline.spi.Position;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.sink.Checkpoint;
import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkCommitter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Commits and ledgers that releases before JSON have written; the texts are theirs, letter for
/// letter.
class EarlierFormatTest {
  private static final String LAYOUT =
      ".MERGE|.1|.id|.4|.id|.INTEGER|.value|.no~1te|.TEXT|.null|.la~0rge|.TEXT|.null|._deleted_at|.TEXT|.null";
  private static final String POSITIONS =
      ".shop.public.orders|.lsn=0/1A|.shop.pub~1lic.cust~0omers|.id=4~17";
  private static final String STAGING_TABLE = "_tl_8d9001d32c6a_s3kj22p2h5x7es";
  private static final Schema SCHEMA = schema("no|te", "la~rge");

  @TempDir Path folder;
  private SinkFixture fixture;

  @BeforeEach
  void aDestinationOfAnEarlierRelease() throws Exception {
    fixture =
        new SinkFixture(
            "jdbc:sqlite:" + folder.resolve("shop"),
            "shop",
            Map.of("refused-rows", "table", "deletes", "soft"));
    Batch rows = batch(SCHEMA);
    change(rows, Change.INSERT, 1, "a", "large 1");
    change(rows, Change.INSERT, 2, "b", "large 2");
    fixture.add(rows);
    fixture.execute("UPDATE \"_tapline_tables\" SET \"layout\" = '" + LAYOUT + "'");
    fixture.execute("UPDATE \"_tapline_ledger\" SET \"positions\" = '" + POSITIONS + "'");
  }

  private List<String> orders() throws Exception {
    return fixture.query(
        "SELECT \"id\", \"no|te\", \"la~rge\", \"_deleted_at\" IS NOT NULL FROM \"orders\" ORDER BY \"id\"");
  }

  @Test
  void positionsAreRead() throws Exception {
    try (Sink sink = fixture.sink();
        SinkCommitter committer = sink.openCommitter()) {
      assertThat(committer.lastCheckpoint()).hasValue(1);
      assertThat(committer.lastPositions())
          .containsExactly(
              entry("shop.public.orders", "lsn=0/1A"), entry("shop.pub|lic.cust~omers", "id=4|7"));
    }
  }

  @Test
  void changesAreMergedIntoItsTables() throws Exception {
    Batch changes = batch(SCHEMA);
    change(changes, Change.UPDATE, 1, "c", "unchanged");
    change(changes, Change.DELETE, 2, null, null);
    fixture.add(changes);
    assertThat(orders()).containsExactly("1|c|large 1|0", "2|b|large 2|1");
  }

  @Test
  void aColumnIsAddedToItsTables() throws Exception {
    Batch rows = batch(schema("no|te", "la~rge", "more"));
    change(rows, Change.INSERT, 3, "c", "large 3", "more");
    fixture.add(rows);
    fixture.add(rows);
    assertThat(fixture.query("SELECT \"id\", \"more\" FROM \"orders\" WHERE \"id\" = 3"))
        .containsExactly("3|more");
  }

  @Test
  void aVersionThatItHasBegunIsSweptAndAnotherTakesThePlaceOfItsTable() throws Exception {
    fixture.execute(
        "INSERT INTO \"_tapline_tables\" VALUES ('orders', 6, 'shop', 'LOADING', '"
            + LAYOUT
            + "')");
    Batch rows = batch(SCHEMA);
    change(rows, Change.INSERT, 7, "z", "y");
    fixture.replace(7, rows);
    assertThat(orders()).containsExactly("7|z|y|0");
    assertThat(
            fixture.query(
                "SELECT \"destination\", \"generation\", \"state\" FROM \"_tapline_tables\""))
        .containsExactly("orders|7|LIVE");
  }

  @Test
  void aCommitThatItHasPreparedIsFinished() throws Exception {
    stage("");
    fixture.commit(
        pending(
            new Commit(
                2,
                ".STAGED|.orders|.APPEND|.1|."
                    + STAGING_TABLE
                    + "|.|.operations|.numbered|.1|.la~0rge|"
                    + LAYOUT)));
    assertThat(orders()).containsExactly("1|c|large 1|0", "2|b|large 2|1");
  }

  @Test
  void soIsOneOfAReleaseThatDidNotNumberRows() throws Exception {
    stage("");
    fixture.commit(
        pending(
            new Commit(
                1,
                ".STAGED|.orders|.APPEND|.1|."
                    + STAGING_TABLE
                    + "|.|.operations|.1|.la~0rge|"
                    + LAYOUT)));
    assertThat(orders()).containsExactly("1|c|large 1|0", "2|b|large 2|1");
  }

  @Test
  void soIsOneThatMarksAllRows() throws Exception {
    stage("('7', 'z', 'y', NULL, 0, 3, NULL, NULL), (NULL, NULL, NULL, 't', 2, 4, NULL, NULL), ");
    fixture.commit(
        pending(
            new Commit(
                2,
                ".STAGED|.orders|.APPEND|.1|."
                    + STAGING_TABLE
                    + "|.truncate|.operations|.numbered|.0|"
                    + LAYOUT)));
    assertThat(orders()).contains("2|b|large 2|1", "7|z|y|0");
  }

  private void stage(String more) throws Exception {
    fixture.execute(
        "CREATE TABLE \""
            + STAGING_TABLE
            + "\" (\"id\" INTEGER, \"no|te\" TEXT, \"la~rge\" TEXT, \"_deleted_at\" TEXT,"
            + " \"_tl_op\" INTEGER, \"_tl_row\" INTEGER, \"_tl_bits\" TEXT, \"_tl_from_0\" INTEGER)");
    fixture.execute(
        "INSERT INTO \""
            + STAGING_TABLE
            + "\" VALUES "
            + more
            + "(1, 'c', NULL, NULL, 0, 1, '1', 1), (2, NULL, NULL, '2001-01-01', 1, 0, NULL, NULL)");
  }

  private static Checkpoint pending(Commit commit) {
    return new Checkpoint(
        2,
        Map.of(SinkFixture.NAME, List.of(commit)),
        List.of(),
        Map.of(SinkFixture.NAME, Position.of("lsn", "0/2")));
  }
}
