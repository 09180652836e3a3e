package dev.tapline.sink.jdbc.dialect.mysql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.sink.jdbc.testing.SampleRows;
import dev.tapline.sink.jdbc.testing.SinkFixture;
import dev.tapline.source.postgres.testing.MariaDbContainer;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Change;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MariaDbContractTest extends MySqlFamilyContract {
  private static MariaDbContainer server;

  MariaDbContractTest() {
    super(MariaDbContainer.USER, MariaDbContainer.PASSWORD);
  }

  @BeforeAll
  static void start() {
    server = new MariaDbContainer();
    server.start();
  }

  @AfterAll
  static void stop() {
    server.stop();
  }

  @Override
  protected String url(String name) {
    return server.url(name);
  }

  @Test
  void rowsThatATableRefusesArePutAside() throws Exception {
    SinkFixture fixture = fixture(Map.of("refused-rows", "table"));
    fixture.add(SampleRows.first());
    fixture.execute("ALTER TABLE orders ADD CONSTRAINT decent CHECK (note <> 'bad')");

    fixture.add(SampleRows.second());

    assertThat(fixture.query("SELECT id, note FROM orders ORDER BY id"))
        .hasSize(1 + 1 + 27)
        .contains("1|a", "20|moved")
        .doesNotContain("2|b");
    assertThat(fixture.query("SELECT record FROM _tapline_rejected")).hasSize(4);
  }

  @Test
  void noLimitOfTimeOfTheServerHoldsForTheSink() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET GLOBAL max_statement_time = 0.000001");
      try {
        SinkFixture fixture = fixture(Map.of());
        fixture.add(SampleRows.first());
        fixture.replace(2, SampleRows.first());
      } finally {
        statement.execute("SET GLOBAL max_statement_time = 0");
      }
    }
    assertThat(fixture(Map.of()).query("SELECT count(*) FROM orders")).containsExactly("3");
  }

  /// It is not sent within a statement's text, where each quote would be two.
  @Test
  void aRowOfQuotesFitsIntoAPacketAsItIs() throws Exception {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET GLOBAL max_allowed_packet = 1048576");
      try {
        Batch rows = SinkFixture.batch(SinkFixture.NOTES);
        SinkFixture.change(rows, Change.READ, 1, "'".repeat(900_000));
        fixture(Map.of()).add(rows);
      } finally {
        statement.execute("SET GLOBAL max_allowed_packet = 67108864");
      }
    }
    assertThat(fixture(Map.of()).query("SELECT length(note) FROM orders"))
        .containsExactly("900000");
  }
}
