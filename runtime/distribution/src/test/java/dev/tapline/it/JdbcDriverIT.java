package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Drivers that come with the distribution, that are dropped in, and that are missing; a ledger
/// that was put back.
class JdbcDriverIT {
  private static TestServer server;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    server = TestServer.start("wal_level = logical");
    server.execute("CREATE TABLE item (id int PRIMARY KEY, name text)");
    server.execute("INSERT INTO item SELECT i, 'item ' || i FROM generate_series(1, 1000) i");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private void descriptor(String url) throws Exception {
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        source: {type: postgres, url: "%s"}
        method: LOG_BASED
        streams: [{table: public.item}]
        sink: {type: jdbc, url: "%s"}
        """
            .formatted(server.url(), url));
  }

  @Test
  void aDriverThatNobodyKnowsWorksOnceItsJarIsThere() throws Exception {
    String url = "jdbc:hsqldb:file:" + folder.resolve("copy") + ";hsqldb.write_delay=false";
    descriptor(url + ";shutdown=true");
    Path home = DroppedDriver.folder(folder, "hsqldb");

    Distribution.Result check = Distribution.run(home, folder, Map.of(), "check", "pipeline.yaml");
    assertThat(check.code()).as("%s", check).isZero();
    assertThat(check.out()).contains("connected, and writing as standard SQL can be");
    Distribution.Result result = Distribution.run(home, folder, Map.of(), "run", "pipeline.yaml");
    assertThat(result.code()).as("%s", result).isZero();
    server.execute(
        "UPDATE item SET name = 'changed' WHERE id = 7", "DELETE FROM item WHERE id = 8");
    result = Distribution.run(home, folder, Map.of(), "run", "pipeline.yaml");
    assertThat(result.code()).as("%s", result).isZero();

    try (Connection copy = DriverManager.getConnection(url);
        Statement statement = copy.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT count(*), count(CASE WHEN \"name\" = 'changed' THEN 1 END) FROM"
                    + " \"public__item\"")) {
      rows.next();
      assertThat(rows.getString(1)).isEqualTo(server.value("SELECT count(*) FROM item"));
      assertThat(rows.getLong(2)).isEqualTo(1);
    }
  }

  @Test
  void aDriverThatIsMissingIsNamedWithItsRemedy() throws Exception {
    descriptor("jdbc:duckdb:" + folder.resolve("copy"));

    Distribution.Result result = Distribution.run(folder, "check", "pipeline.yaml");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.out() + result.err())
        .contains("there is no driver for 'jdbc:duckdb:")
        .contains("put its jar into the plug-in's folder")
        .contains("org.postgresql.Driver");
  }

  @Test
  void aLedgerThatWasPutBackIsNamedWithBothPositions() throws Exception {
    String url = "jdbc:sqlite:" + folder.resolve("copy");
    descriptor(url);
    assertThat(Distribution.run(folder, "run", "pipeline.yaml").code()).isZero();
    Path backup = folder.resolve("backup");
    Files.copy(folder.resolve("copy"), backup);
    server.execute("INSERT INTO item SELECT max(id) + 1, 'late' FROM item");
    assertThat(Distribution.run(folder, "run", "pipeline.yaml").code()).isZero();
    Files.delete(folder.resolve("copy"));
    Files.move(backup, folder.resolve("copy"));

    Distribution.Result result = Distribution.run(folder, "run", "pipeline.yaml");

    assertThat(result.code()).as("%s", result).isNotZero();
    assertThat(result.err())
        .containsPattern("the destination's marker is at checkpoint \\d+")
        .containsPattern(
            "stream public.item is at lsn=\\S+.* in the state, and at lsn=\\S+.* in the destination");
  }
}
