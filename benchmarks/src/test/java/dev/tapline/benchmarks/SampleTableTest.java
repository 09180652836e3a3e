package dev.tapline.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.TestServer;
import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.PGConnection;

/// The micro benchmarks decode messages that no server has sent; here one sends them.
class SampleTableTest {
  private static final int ROWS = 2_500;

  private static TestServer server;

  @BeforeAll
  static void start() {
    server = TestServer.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource
  void rowsAreByteForByteWhatAServerSends(SampleTable table) throws Exception {
    server.execute(table.create(ROWS).toArray(String[]::new));
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    try (Connection connection = server.connect()) {
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyOut(
              "COPY (SELECT * FROM %s ORDER BY 1) TO STDOUT (FORMAT binary)"
                  .formatted(table.table()),
              sent);
    }

    ByteArrayOutputStream made = new ByteArrayOutputStream();
    made.writeBytes(CopyRow.header());
    CopyRow row = new CopyRow();
    for (int i = 1; i <= ROWS; i++) {
      table.writeRow(row, i);
      made.writeBytes(row.message());
    }
    made.writeBytes(CopyRow.trailer());

    assertThat(made.toByteArray()).isEqualTo(sent.toByteArray());
  }
}
