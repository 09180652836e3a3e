package dev.tapline.sink.jdbc.dialect.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.sink.jdbc.testing.SinkFixture;
import dev.tapline.source.postgres.testing.MySqlContainer;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Schema;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MySqlContractTest extends MySqlFamilyContract {
  private static MySqlContainer server;

  MySqlContractTest() {
    super(MySqlContainer.USER, MySqlContainer.PASSWORD);
  }

  @BeforeAll
  static void start() {
    server = new MySqlContainer();
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

  /// Before 8.0.17 no collation tells them apart.
  @Test
  void aKeyThatEndsInASpaceNeverTakesThePlaceOfOneWithout() throws Exception {
    Batch rows = codes("a", "A", "á", "a ");
    assertThatThrownBy(() -> fixture(Map.of()).add(rows))
        .hasMessageContaining("column 'code'")
        .hasMessageContaining("cannot hold the value 'a '")
        .hasMessageContaining("'sink.modes: {\"orders\": append}'");
    SinkFixture tolerant = fixture(Map.of("refused-rows", "table"));
    tolerant.add(rows);
    assertThat(tolerant.query("SELECT HEX(code) FROM orders ORDER BY 1"))
        .containsExactly("41", "61", "C3A1");
    assertThat(tolerant.query("SELECT record FROM _tapline_rejected"))
        .containsExactly("{\"code\":\"a \"}");
  }

  private static Batch codes(String... codes) {
    Batch batch =
        SinkFixture.batch(
            new Schema(
                List.of(new Field("code", Scalar.TEXT, false, "text", "")), List.of("code")));
    for (int i = 0; i < codes.length; i++) {
      ((BytesColumn) batch.column(0)).append(codes[i]);
      batch.endRow(Change.INSERT, 4711, i, 1_000_000, 731);
    }
    return batch;
  }
}
