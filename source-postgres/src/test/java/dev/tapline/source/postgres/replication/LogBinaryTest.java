package dev.tapline.source.postgres.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tapline.source.postgres.fixtures.Follower;
import dev.tapline.source.postgres.fixtures.LogDatabase;
import dev.tapline.source.postgres.testing.SharedServer;
import dev.tapline.spi.Position;
import dev.tapline.spi.TransientException;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.ChangeLog.Extent;
import dev.tapline.spi.source.Split;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Values come in binary where all of their types are decoded so, and as text otherwise.
class LogBinaryTest {
  private LogDatabase database;

  @BeforeEach
  void createDatabase() {
    database =
        LogDatabase.at(SharedServer.get(), SharedServer.database(), Map.of("plugin", "pgoutput"));
  }

  @Test
  void everyKindOfChangeComesInBinary() throws Exception {
    database.execute(
        "CREATE TABLE t (id numeric(12,2) PRIMARY KEY, at timestamptz, tags text[], doc text)",
        "ALTER TABLE t ALTER doc SET STORAGE EXTERNAL");
    try (Follower follower = database.follower("public.t")) {
      follower.run();
      database.execute(
          "INSERT INTO t VALUES (1.5, '2024-01-01 00:00:00+00', '{a,NULL}', repeat('x', 5000))",
          "UPDATE t SET at = 'infinity'",
          "UPDATE t SET id = 2",
          "DELETE FROM t");
      assertThat(split(follower).argument("binary")).isEqualTo("true");
      follower.run();
      assertThat(follower.changes)
          .hasSize(5)
          .element(1)
          .asString()
          .startsWith("UPDATE t id=1.50")
          .endsWith("tags={\"a\",NULL} doc=<same>");
      assertThat(follower.changes.subList(2, 5))
          .extracting(line -> line.substring(0, line.indexOf(" at=")))
          .containsExactly("DELETE t id=1.50", "INSERT t id=2.00", "DELETE t id=2.00");
    }
  }

  @Test
  void aColumnThatHasToComeAsTextHasAllComeAsText() throws Exception {
    database.execute("CREATE TABLE t (id int PRIMARY KEY, ip inet)");
    try (Follower follower = database.follower("public.t")) {
      follower.run();
      database.execute("INSERT INTO t VALUES (1, '10.0.0.1/8')");
      assertThat(split(follower).argument("binary")).isEqualTo("false");
      follower.run();
      assertThat(follower.changes).containsExactly("INSERT t id=1 ip=10.0.0.1/8");
    }
  }

  @Test
  void aColumnThatIsNotSelectedMayBeOfAnyType() throws Exception {
    database.execute("CREATE TABLE t (id int PRIMARY KEY)", "CREATE TABLE u (id int, ip inet)");
    database.execute("CREATE PUBLICATION everything FOR ALL TABLES");
    try (Follower follower =
        new Follower(database.with(Map.of("publication", "everything")), "public.t")) {
      follower.run();
      database.execute("INSERT INTO u VALUES (1, '::1')", "INSERT INTO t VALUES (1)");
      assertThat(split(follower).argument("binary")).isEqualTo("true");
      follower.run();
      assertThat(follower.changes).containsExactly("INSERT t id=1");
    }
  }

  @Test
  void aColumnAddedLaterThatHasToComeAsTextHasTheLogReadAgain() throws Exception {
    database.execute("CREATE TABLE t (id int PRIMARY KEY)");
    try (Follower follower = database.follower("public.t")) {
      follower.run();
      database.execute("INSERT INTO t VALUES (1)");
      fallsBack(
          follower,
          "column 'ip' of table public.t",
          "ALTER TABLE t ADD ip inet",
          "INSERT INTO t VALUES (2, NULL)",
          "INSERT INTO t VALUES (3, '::1')");
      assertThat(follower.changes)
          .containsExactly("INSERT t id=1", "INSERT t id=2 ip=null", "INSERT t id=3 ip=::1");
    }
  }

  @Test
  void aTypeOfWhichTheServerHasNoBinaryFormHasTheLogReadAgain() throws Exception {
    database.execute("CREATE TABLE t (id int PRIMARY KEY)");
    try (Follower follower = database.follower("public.t")) {
      follower.run();
      database.execute("INSERT INTO t VALUES (1)");
      fallsBack(
          follower,
          "no binary output function",
          "ALTER TABLE t ADD acl aclitem[]",
          "INSERT INTO t VALUES (2, '{postgres=r/postgres}')");
      assertThat(follower.changes)
          .containsExactly("INSERT t id=1", "INSERT t id=2 acl={\"postgres=r/postgres\"}");
    }
  }

  // One read, as a run has it: the engine opens it again where it was left.
  private void fallsBack(Follower follower, String reason, String... statements) throws Exception {
    Split split = split(follower);
    assertThat(split.argument("binary")).isEqualTo("true");
    database.execute(statements);
    try (BatchReader reader = follower.pipeline.source.open(split)) {
      TransientException failure =
          catchThrowableOfType(TransientException.class, () -> follower.await(reader, 3));
      assertThat(failure).hasMessageContaining(reason).hasMessageContaining("as text");
    }
    follower.forget();
    Map<StreamName, Position> from = Map.copyOf(follower.state);
    try (BatchReader reader = follower.pipeline.source.open(split.from(from))) {
      follower.await(reader, statements.length);
    }
  }

  private static Split split(Follower follower) throws Exception {
    return follower.planned(Extent.CONTINUOUS);
  }
}
