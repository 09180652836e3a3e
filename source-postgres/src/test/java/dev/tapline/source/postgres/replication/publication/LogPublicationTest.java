package dev.tapline.source.postgres.replication.publication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.source.postgres.fixtures.Follower;
import dev.tapline.source.postgres.fixtures.LogDatabase;
import dev.tapline.source.postgres.testing.SharedServer;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.spi.Position;
import dev.tapline.spi.source.StreamException;
import dev.tapline.spi.source.StreamPosition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogPublicationTest {
  private final TestServer server = SharedServer.get();
  private String name = "";
  private LogDatabase database;

  @BeforeEach
  void createDatabase() {
    name = SharedServer.database();
    database = LogDatabase.at(server, name, Map.of());
  }

  private String members() {
    return database.value(
        "SELECT coalesce(string_agg(pubname || ':' || tablename, ' ' ORDER BY 1), '') FROM pg_publication_tables");
  }

  @Test
  void thePublicationIsKeptInStepWithTheSelection() throws Exception {
    database.execute(
        "CREATE TABLE a (id int PRIMARY KEY)",
        "CREATE TABLE b (id int)",
        "CREATE TABLE c (id int PRIMARY KEY)");
    try (Follower one = database.follower("public.a", "public.b")) {
      one.run();
      assertThat(members()).isEqualTo("tapline_%s:a tapline_%<s_inserts:b".formatted(name));
      one.join("public.c");
      one.run();
      assertThat(members())
          .isEqualTo("tapline_%s:a tapline_%<s:c tapline_%<s_inserts:b".formatted(name));
    }
    database.execute("ALTER TABLE b REPLICA IDENTITY FULL");
    try (Follower two = database.follower("public.b")) {
      two.run();
      assertThat(members()).isEqualTo("tapline_%s:b".formatted(name));
    }
  }

  @Test
  void filtersAndColumnListsOfAPublicationHoldForTheCopyToo() throws Exception {
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, region text, secret text)",
        "INSERT INTO t VALUES (1, 'eu', 's1'), (2, 'us', 's2')",
        "CREATE PUBLICATION mine FOR TABLE t (id, region) WHERE (id <> 2 AND id < 100)");
    try (Follower follower =
        new Follower(database.with(Map.of("publication", "mine")), "public.t")) {
      follower.run();
      database.execute("INSERT INTO t VALUES (3, 'eu', 's3'), (200, 'us', 's4')");
      follower.run();
      assertThat(follower.copy("public.t").lines()).containsExactly("1|eu", "3|eu");
      assertThat(follower.changes).containsExactly("INSERT t id=3 region=eu");
    }
    assertThat(members()).isEqualTo("mine:t");
  }

  @Test
  void aPublicationBySomebodyElseThatLacksATableIsNotChanged() throws Exception {
    database.execute(
        "CREATE TABLE a (id int PRIMARY KEY)",
        "CREATE TABLE b (id int PRIMARY KEY)",
        "CREATE PUBLICATION mine FOR TABLE a");
    try (Follower follower =
        new Follower(database.with(Map.of("publication", "mine")), "public.a", "public.b")) {
      assertThatThrownBy(follower::run)
          .hasMessageContaining("publication 'mine' does not publish it")
          .hasMessageContaining("ALTER PUBLICATION \"mine\" ADD TABLE \"public\".\"b\";");
    }
    assertThat(members()).isEqualTo("mine:a");
  }

  @Test
  void aTableIsCopiedAnewWhenItsRowFilterHasChanged() throws Exception {
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY)",
        "CREATE PUBLICATION mine FOR TABLE t",
        "INSERT INTO t VALUES (1), (2)");
    try (Follower follower =
        new Follower(database.with(Map.of("publication", "mine")), "public.t")) {
      follower.run();
      assertThat(follower.copy("public.t").lines()).containsExactly("1", "2");
      database.execute("ALTER PUBLICATION mine SET TABLE t WHERE (id > 1)");
      database.execute("INSERT INTO t VALUES (0), (3)");
      follower.run();
      assertThat(follower.copy("public.t").lines()).containsExactly("2", "3");
      database.execute("INSERT INTO t VALUES (-1), (4)");
      follower.run();
      assertThat(follower.changes).containsExactly("INSERT t id=4");
    }
  }

  @Test
  void aTableThatNoLogTellsOfIsNamed() throws Exception {
    database.execute(
        "CREATE UNLOGGED TABLE u (id int PRIMARY KEY)",
        "CREATE TABLE t (id int PRIMARY KEY)",
        // Its number is one that PostgreSQL keeps for itself.
        "ALTER TABLE information_schema.sql_parts SET SCHEMA public");
    Map<String, Object> pgoutput = database.with(Map.of("plugin", "pgoutput"));
    try (Follower follower = new Follower(pgoutput, "public.u", "public.t")) {
      assertThatThrownBy(follower::run)
          .isInstanceOfSatisfying(
              StreamException.class,
              failure -> assertThat(failure.stream()).hasToString("public.u"))
          .hasMessageContaining("it is unlogged")
          .hasMessageContaining("ALTER TABLE \"public\".\"u\" SET LOGGED;");
    }
    try (Follower follower = new Follower(pgoutput, "public.sql_parts", "public.t")) {
      assertThatThrownBy(follower::run)
          .isInstanceOfSatisfying(
              StreamException.class,
              failure -> assertThat(failure.stream()).hasToString("public.sql_parts"))
          .hasMessageContaining("PostgreSQL publishes no such table");
    }
  }

  @Test
  void aUserWithoutTheRightGetsTheStatementToPaste() throws Exception {
    database.execute(
        "CREATE TABLE a (id int PRIMARY KEY)",
        "CREATE ROLE reader_%s LOGIN REPLICATION".formatted(name),
        "GRANT SELECT ON a TO reader_%s".formatted(name));
    Map<String, Object> settings = new HashMap<>(database.settings());
    settings.put("url", database.url().replace("postgres@", "reader_" + name + "@"));
    settings.put("plugin", "pgoutput");
    try (Follower follower = new Follower(settings, "public.a")) {
      assertThatThrownBy(follower::run)
          .hasMessageContaining("user 'reader_%s' may not publish the tables".formatted(name))
          .hasMessageContaining(
              "CREATE PUBLICATION \"tapline_%s\" FOR TABLE \"public\".\"a\"".formatted(name));
      database.execute("CREATE PUBLICATION tapline_%s FOR TABLE a".formatted(name));
      follower.run();
      database.execute("INSERT INTO a VALUES (1)");
      follower.run();
      assertThat(follower.changes).containsExactly("INSERT a id=1");
    }
  }

  @Test
  void aUserWithoutReplicationIsToldHowToGetIt() throws Exception {
    database.execute(
        "CREATE TABLE a (id int PRIMARY KEY)",
        "CREATE ROLE plain_%s LOGIN".formatted(name),
        "GRANT SELECT ON a TO plain_%s".formatted(name),
        "CREATE PUBLICATION tapline_%s FOR TABLE a".formatted(name));
    Map<String, Object> settings = new HashMap<>(database.settings());
    settings.put("url", database.url().replace("postgres@", "plain_" + name + "@"));
    try (Follower follower = new Follower(settings, "public.a")) {
      assertThatThrownBy(follower::run)
          .hasMessageContaining("ALTER ROLE \"plain_%s\" REPLICATION".formatted(name))
          .hasMessageContaining("rds_replication");
    }
  }

  @Test
  void generatedColumnsAreTheSameInTheCopyAndTheLog() throws Exception {
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, twice int GENERATED ALWAYS AS (id * 2) STORED, thrice int GENERATED ALWAYS AS (id * 3) VIRTUAL)",
        "INSERT INTO t VALUES (1)");
    try (Follower follower = database.follower("public.t")) {
      follower.run();
      database.execute("INSERT INTO t VALUES (2)");
      follower.run();
      assertThat(follower.copy("public.t").lines()).containsExactly("1|2", "2|4");
    }
  }

  // One stream may be planned anew while the others are being copied, and have no position yet.
  @Test
  void aTableStaysPublishedWhileAnotherIsPlannedAnew() throws Exception {
    database.execute(
        "CREATE TABLE a (id int PRIMARY KEY)",
        "CREATE TABLE b (id int PRIMARY KEY)",
        "CREATE TABLE gone (id int PRIMARY KEY)");
    try (Follower follower = database.follower("public.a", "public.b", "public.gone")) {
      List<StreamPosition> all =
          follower.streams().stream().map(it -> new StreamPosition(it, Position.START)).toList();
      follower.pipeline.source.retain(all, List.of());
      database.execute("DROP TABLE gone");
      follower.pipeline.source.retain(all.subList(1, 2), List.of());
      assertThat(members()).isEqualTo("tapline_%s:a tapline_%<s:b".formatted(name));
    }
    try (Follower other = database.follower("public.b")) {
      other.run();
      assertThat(members()).isEqualTo("tapline_%s:b".formatted(name));
    }
  }

  @Test
  void aTableThatGetsAReplicaIdentityIsCopiedAnew() throws Exception {
    database.execute(
        "CREATE TABLE a (id int PRIMARY KEY)",
        "CREATE TABLE b (n int, v text)",
        "INSERT INTO b VALUES (1, 'one'), (2, 'two'), (3, 'three')");
    try (Follower follower = database.follower("public.a", "public.b")) {
      follower.run();
      database.execute(
          "UPDATE b SET v = 'changed' WHERE n = 1",
          "ALTER TABLE b REPLICA IDENTITY FULL",
          "DELETE FROM b WHERE n = 2");
      follower.run();
      assertThat(follower.copy("public.b").lines()).containsExactly("1|changed", "3|three");
      database.execute("DELETE FROM b WHERE n = 1");
      follower.run();
      assertThat(follower.copy("public.b").lines()).containsExactly("3|three");
    }
  }

  @Test
  void whatWasWrittenBeforeATableWasPublishedIsNotLost() throws Exception {
    database.execute("CREATE TABLE a (id int PRIMARY KEY)", "CREATE TABLE b (id int PRIMARY KEY)");
    try (Follower follower = database.follower("public.a");
        var connection = database.connect();
        var statement = connection.createStatement()) {
      follower.run();
      statement.execute("BEGIN; INSERT INTO b VALUES (1)");
      follower.join("public.b");
      Thread committer =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  Thread.sleep(500);
                  statement.execute("INSERT INTO b VALUES (2); COMMIT");
                } catch (InterruptedException | java.sql.SQLException e) {
                  throw new AssertionError(e);
                }
              });
      follower.run();
      committer.join();
      follower.run();
      assertThat(follower.copy("public.b").lines()).containsExactly("1", "2");
    }
  }

  @Test
  void truncatingAPartitionHasTheTableCopiedAnewAndTruncatingTheRootDoesNot() throws Exception {
    database.execute(
        "CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id)",
        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)",
        "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20)",
        "INSERT INTO p VALUES (1), (11)");
    try (Follower follower = database.follower("public.p")) {
      follower.run();
      database.execute("TRUNCATE p", "INSERT INTO p VALUES (2), (12)");
      follower.run();
      assertThat(follower.copy("public.p").lines()).containsExactly("12", "2");
      assertThat(follower.renewals).isEmpty();
      database.execute("TRUNCATE p1");
      follower.run();
      assertThat(follower.failures).isEmpty();
      assertThat(follower.renewals).singleElement().asString().contains("public.p1", "truncated");
      assertThat(follower.copy("public.p").lines()).containsExactly("12");
    }
  }

  @Test
  void aPartitionMadeWhileFollowingBelongsToItsRoot() throws Exception {
    database.execute(
        "CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id)",
        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)");
    try (Follower follower = database.follower("public.p")) {
      follower.run();
      database.execute(
          "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20)",
          "INSERT INTO p VALUES (1), (11)",
          "UPDATE p SET id = 12 WHERE id = 1");
      follower.run();
      assertThat(follower.copy("public.p").lines()).containsExactly("11", "12");
    }
  }

  @Test
  void aTableThatWasNotPublishedForAWhileIsCopiedAnew() throws Exception {
    database.execute("CREATE TABLE a (id int PRIMARY KEY)", "CREATE TABLE b (id int PRIMARY KEY)");
    try (Follower follower = database.follower("public.a", "public.b")) {
      follower.run();
      database.execute(
          "ALTER PUBLICATION tapline_%s DROP TABLE a".formatted(name),
          "INSERT INTO a VALUES (1)",
          "INSERT INTO b VALUES (1)");
      follower.run();
      database.execute("INSERT INTO a VALUES (2)");
      follower.run();
      assertThat(follower.copy("public.a").lines()).containsExactly("1", "2");
      assertThat(follower.changes).containsExactlyInAnyOrder("INSERT b id=1", "INSERT a id=2");
    }
  }

  @Test
  void aPublicationThatIsGoneIsToldAndNotMadeAgain() throws Exception {
    database.execute("CREATE TABLE a (id int PRIMARY KEY)");
    try (Follower follower = database.follower("public.a")) {
      follower.run();
      database.execute("DROP PUBLICATION tapline_" + name);
      assertThatThrownBy(follower::run)
          .hasMessageContaining("publication 'tapline_%s' is gone".formatted(name))
          .hasMessageContaining("runtime reset");
    }
  }

  @Test
  void aTableWithoutColumnsTakesNoOtherAlong() throws Exception {
    database.execute(
        "CREATE TABLE nothing ()",
        "CREATE TABLE computed (twice int GENERATED ALWAYS AS (2) STORED)",
        "CREATE TABLE t (id int PRIMARY KEY)",
        "INSERT INTO nothing DEFAULT VALUES",
        "INSERT INTO t VALUES (1)");
    for (Map<String, Object> settings :
        List.<Map<String, Object>>of(
            Map.of(), Map.of("publication", "mine", "slot", "m_" + name))) {
      if (!settings.isEmpty()) {
        database.execute("CREATE PUBLICATION mine FOR TABLE nothing, computed, t");
      }
      try (Follower follower =
          new Follower(database.with(settings), "public.nothing", "public.computed", "public.t")) {
        follower.run();
        database.execute(
            "INSERT INTO nothing DEFAULT VALUES", "INSERT INTO t SELECT max(id) + 1 FROM t");
        follower.run();
        assertThat(follower.failures).isEmpty();
        assertThat(follower.copy("public.nothing").lines())
            .hasSize(Integer.parseInt(database.value("SELECT count(*) FROM nothing")));
        assertThat(follower.copy("public.t").lines())
            .containsExactlyElementsOf(database.values("SELECT id FROM t ORDER BY id"));
      }
    }
  }
}
