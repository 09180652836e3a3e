package dev.tapline.sink.jdbc.dialect.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.sink.jdbc.testing.SinkFixture;
import dev.tapline.source.postgres.testing.SharedServer;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.source.postgres.testing.TransactionPooler;
import dev.tapline.spi.Position;
import dev.tapline.spi.TransientException;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.sink.Checkpoint;
import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.SinkWriter;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.sink.WriterContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Settings of a server that are not the sink's: they change nothing of what it writes, do not end
/// it, and are as they were when it has gone.
class TransactionSettingsTest {
  private static final int CONNECTIONS = 3;
  private static final String SETTINGS =
      """
      SELECT name, setting FROM pg_settings
      WHERE name NOT IN ('application_name', 'client_encoding', 'DateStyle', 'TimeZone',
                         'standard_conforming_strings', 'in_hot_standby', 'transaction_read_only',
                         'transaction_isolation', 'transaction_deferrable')
      """;
  private static final String[] HOSTILE = {
    "statement_timeout = '300ms'",
    "idle_in_transaction_session_timeout = '300ms'",
    "default_transaction_read_only = on",
    "default_transaction_isolation = 'serializable'",
    "IntervalStyle = 'sql_standard'",
    "array_nulls = off",
    "bytea_output = 'escape'",
    "synchronous_commit = off"
  };
  private static final Schema SCHEMA =
      new Schema(
          List.of(
              new Field("id", Scalar.INT64, false, "bigint", ""),
              Field.of("lasts", Scalar.OPAQUE, "interval"),
              Field.of("words", new DataType.ListOf(Scalar.TEXT), "text[]")),
          List.of("id"));

  private final TestServer server = SharedServer.get();
  private final String database = SharedServer.database();

  private String url() {
    return "jdbc:postgresql://127.0.0.1:%d/%s?user=postgres".formatted(server.port(), database);
  }

  private static Batch rows(int first, int end) {
    Batch rows = SinkFixture.batch(SCHEMA);
    for (int id = first; id < end; id++) {
      ((LongColumn) rows.column(0)).append(id);
      ((BytesColumn) rows.column(1)).append("-1 days +02:03:04");
      var words = (dev.tapline.spi.batch.ListColumn) rows.column(2);
      words.elements().appendNull();
      ((BytesColumn) words.elements()).append("x".repeat(100));
      words.endList();
      rows.endRow(Change.READ, 4711, id, 1_000_000, 731);
    }
    return rows;
  }

  @Test
  void holdForNoTransactionOfThePoolersAndAreLeftAsTheyWere() throws Exception {
    for (String setting : HOSTILE) {
      server.execute("ALTER DATABASE %s SET %s".formatted(database, setting));
    }
    try (TransactionPooler pooler =
        TransactionPooler.start(server, CONNECTIONS, "extra_float_digits")) {
      String url =
          "jdbc:postgresql://"
              + pooler.url(database, "postgres").split("@", 2)[1]
              + "?user=postgres";
      SinkFixture fixture = new SinkFixture(url, "shop", Map.of("refused-rows", "table"));
      List<String> before = fixture.query(SETTINGS);

      for (int run = 0; run < 7; run++) {
        fixture.add(rows(run, run + 1));
      }
      fixture.replace(2, rows(1, 3));

      for (int i = 0; i < CONNECTIONS; i++) {
        assertThat(fixture.query(SETTINGS)).containsExactlyElementsOf(before);
      }
      assertThat(
              fixture.query(
                  "SELECT id, extract(epoch FROM lasts)::int, words[1] IS NULL FROM orders ORDER BY id"))
          .containsExactly("1|-79016|t", "2|-79016|t");
    }
  }

  @Test
  void noLimitOfTimeEndsALoadThatWaitsForItsRows() throws Exception {
    for (String setting : HOSTILE) {
      server.execute("ALTER DATABASE %s SET %s".formatted(database, setting));
    }
    SinkFixture fixture = new SinkFixture(url(), "shop", Map.of());
    try (Sink sink = fixture.sink();
        SinkCommitter committer = sink.openCommitter();
        SinkWriter writer = writer(sink)) {
      writer.write(rows(0, 2_000));
      await(
          "SELECT 1 FROM pg_stat_activity WHERE datname = '%s' AND query LIKE 'COPY%%' AND now() - query_start > interval '700 ms'");
      writer.write(rows(2_000, 2_010));

      commit(committer, writer.prepare());
    }
    assertThat(fixture.query("SELECT count(*) FROM orders")).containsExactly("2010");
  }

  @Test
  void aCopyThatSomebodyCancelsIsDoneAgain() throws Exception {
    SinkFixture fixture = new SinkFixture(url(), "shop", Map.of());
    try (Sink sink = fixture.sink();
        SinkCommitter committer = sink.openCommitter()) {
      try (SinkWriter writer = writer(sink)) {
        writer.write(rows(0, 2_000));
        await("SELECT 1 FROM pg_stat_activity WHERE datname = '%s' AND query LIKE 'COPY%%'");
        server.execute(
            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE datname = '%s' AND query LIKE 'COPY%%'"
                .formatted(database));
        // It waits for rows, and takes notice when the next ones come.
        assertThatThrownBy(writer::prepare).isInstanceOf(TransientException.class);
      }
      try (SinkWriter writer = writer(sink)) {
        writer.write(rows(0, 2_000));
        commit(committer, writer.prepare());
      }
    }
    assertThat(fixture.query("SELECT count(*) FROM orders")).containsExactly("2000");
  }

  @Test
  void aKeyThatNoPageHoldsIsARefusedRow() throws Exception {
    Schema texts =
        new Schema(List.of(new Field("code", Scalar.TEXT, false, "text", "")), List.of("code"));
    java.util.Random random = new java.util.Random(4711);
    Batch rows = SinkFixture.batch(texts);
    for (int length : new int[] {10, 9_000, 20}) {
      StringBuilder code = new StringBuilder();
      random.ints(length, 33, 120).forEach(letter -> code.append((char) letter));
      ((BytesColumn) rows.column(0)).append(code.toString());
      rows.endRow(Change.INSERT, 4711, 0, 1_000_000, 731);
    }
    SinkFixture failing = new SinkFixture(url(), "shop", Map.of());
    assertThatThrownBy(() -> failing.add(rows))
        .hasMessageContaining("does not take a row into its table")
        .hasMessageContaining("index row");
    SinkFixture fixture = new SinkFixture(url(), "shop", Map.of("refused-rows", "table"));
    fixture.goOnAfter(failing);
    fixture.add(rows);

    assertThat(fixture.query("SELECT length(code) FROM orders ORDER BY 1"))
        .containsExactly("10", "20");
    assertThat(fixture.query("SELECT count(*) FROM _tapline_rejected")).containsExactly("1");
  }

  private static SinkWriter writer(Sink sink) throws Exception {
    return sink.openWriter(
        new WriterContext(SinkFixture.stream(SCHEMA), WriteMode.REPLACE, 1, "0"));
  }

  private static void commit(SinkCommitter committer, List<Commit> commits) throws Exception {
    committer.commit(
        new Checkpoint(
            1,
            Map.of(SinkFixture.NAME, commits),
            List.of(new Checkpoint.TableReplacement(SinkFixture.NAME, "orders", 1)),
            Map.of(SinkFixture.NAME, Position.of("row", "1"))));
  }

  private void await(String query) {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    String full = "SELECT count(*) FROM (" + query.formatted(database) + ") q";
    while (server.value(full).equals("0")) {
      assertThat(System.nanoTime()).as(full).isLessThan(end);
    }
  }
}
