package dev.tapline.it;

import dev.tapline.source.postgres.testing.MariaDbContainer;
import dev.tapline.source.postgres.testing.MySqlContainer;
import dev.tapline.source.postgres.testing.TestServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What must hold of every database that the sink writes, each filled from a source of its own.
abstract class EveryJdbcDestination {
  static TestServer server;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    server = TestServer.start("wal_level = logical", "max_replication_slots = 20");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /// Fails where it does not hold.
  abstract void verify(JdbcDestination destination) throws Exception;

  @Test
  void itHoldsInPostgresql() throws Exception {
    verify(JdbcDestination.postgresql(server, "copy"));
  }

  @Test
  void itHoldsInMariaDb() throws Exception {
    try (MariaDbContainer mariaDb = new MariaDbContainer()) {
      mariaDb.start();
      verify(JdbcDestination.mariaDb(mariaDb));
    }
  }

  @Test
  void itHoldsInMySql() throws Exception {
    try (MySqlContainer mySql = new MySqlContainer()) {
      mySql.start();
      verify(JdbcDestination.mySql(mySql, folder));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sqlite", "h2", "duckdb"})
  void itHoldsInAnEmbeddedDatabase(String kind) throws Exception {
    verify(JdbcDestination.embedded(kind, folder));
  }
}
