package dev.tapline.source.postgres.replication.publication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.source.postgres.fixtures.Follower;
import dev.tapline.source.postgres.fixtures.LogDatabase;
import dev.tapline.source.postgres.preflight.LogCheckTest;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.spi.source.StreamException;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is asked of the catalog and done to publications, on servers of older versions.
class LogTablesVersionsIT {
  @ParameterizedTest
  @ValueSource(strings = {"10", "12", "14", "16"})
  void tablesAreLookedAtAndPublishedOnEveryVersion(String version) throws Exception {
    try (TestServer server =
        TestServer.startVersion(version, "wal_level = logical", "max_prepared_transactions = 5")) {
      LogDatabase database = LogDatabase.at(server, "postgres", Map.of("plugin", "pgoutput"));
      database.execute(
          "CREATE TABLE t (id int PRIMARY KEY)",
          "CREATE TABLE alone (id int PRIMARY KEY)",
          "INSERT INTO alone VALUES (1)",
          "CREATE TABLE child (PRIMARY KEY (id)) INHERITS (t)",
          "CREATE TABLE p (id int NOT NULL, v text) PARTITION BY RANGE (id)",
          "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)",
          "ALTER TABLE p1 REPLICA IDENTITY FULL",
          "INSERT INTO p VALUES (1, 'one'), (2, 'two')",
          "INSERT INTO t VALUES (1)",
          "INSERT INTO child VALUES (2)");
      try (Follower follower = database.follower("public.alone", "public.p", "public.t")) {
        follower.run();
        database.execute(
            "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20)",
            "INSERT INTO p VALUES (11, 'eleven')",
            "UPDATE p SET v = 'changed'",
            "UPDATE child SET id = 3",
            "ALTER TABLE alone DROP CONSTRAINT alone_pkey");
        follower.run();
        database.execute("UPDATE alone SET id = 4", "ALTER TABLE p2 REPLICA IDENTITY FULL");
        follower.run();
        assertThat(follower.failures).isEmpty();
        assertThat(follower.copy("public.p").lines())
            .containsExactly("11|changed", "1|changed", "2|changed");
        assertThat(follower.copy("public.t").lines()).containsExactly("1", "3");
        assertThat(follower.pipeline.source.slots()).hasSize(1);
      }
      database.execute(
          "BEGIN; INSERT INTO t VALUES (9); PREPARE TRANSACTION 'forgotten'",
          "CREATE FOREIGN DATA WRAPPER w",
          "CREATE SERVER s FOREIGN DATA WRAPPER w",
          "CREATE FOREIGN TABLE f () INHERITS (child) SERVER s");
      assertThat(
              LogCheckTest.wrong(LogCheckTest.check(database.settings(), "public.p", "public.t")))
          .anyMatch(line -> line.contains("prepared as 'forgotten'"))
          .anyMatch(line -> line.contains("its child table \"public\".\"f\" is a foreign table"));
      database.execute("ROLLBACK PREPARED 'forgotten'");
      try (Follower follower = database.follower("public.t")) {
        assertThatThrownBy(follower::run).isInstanceOf(StreamException.class);
      }
    }
  }
}
