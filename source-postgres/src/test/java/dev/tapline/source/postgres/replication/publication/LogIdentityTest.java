package dev.tapline.source.postgres.replication.publication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.fixtures.Follower;
import dev.tapline.source.postgres.fixtures.LogDatabase;
import dev.tapline.source.postgres.preflight.LogCheckTest;
import dev.tapline.source.postgres.testing.SharedServer;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.ChangeLog.Extent;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Tables without a replica identity, and those that lose it: a publication of ours never breaks
/// the application, and what does not come is said.
class LogIdentityTest {
  private final TestServer server = SharedServer.get();
  private String name = "";
  private LogDatabase database;

  @BeforeEach
  void createDatabase() {
    name = SharedServer.database();
    database = LogDatabase.at(server, name, Map.of("plugin", "pgoutput"));
  }

  private String members() {
    return database
        .value(
            "SELECT coalesce(string_agg(pubname || ':' || c.relname, ' ' ORDER BY pubname, c.relname), '') FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid JOIN pg_class c ON c.oid = r.prrelid")
        .replace("tapline_" + name, "ours");
  }

  private void createPartitioned() {
    database.execute(
        "CREATE TABLE p (id int NOT NULL, v text) PARTITION BY RANGE (id)",
        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)",
        "ALTER TABLE p1 ADD PRIMARY KEY (id)",
        "ALTER TABLE p1 REPLICA IDENTITY FULL",
        "INSERT INTO p VALUES (1, 'one'), (2, 'two')");
  }

  @Test
  void aPartitionThatIsMadeLaterCanBeUpdatedWhateverItHas() throws Exception {
    createPartitioned();
    try (Follower follower = database.follower("public.p")) {
      follower.run();
      assertThat(members()).isEqualTo("ours:p1 ours_inserts:p");
      database.execute(
          "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20)",
          "INSERT INTO p VALUES (11, 'eleven'), (12, 'twelve')",
          // The application's.
          "UPDATE p2 SET v = 'changed' WHERE id = 11",
          "DELETE FROM p2 WHERE id = 12",
          "UPDATE p SET v = 'uno' WHERE id = 1",
          "DELETE FROM p WHERE id = 2");
      follower.run();
      assertThat(follower.failures).isEmpty();
      assertThat(follower.copy("public.p").lines())
          .contains("1|uno", "11|eleven")
          .doesNotContain("2|two");
      database.execute("ALTER TABLE p2 REPLICA IDENTITY FULL");
      follower.run();
      assertThat(follower.copy("public.p").lines())
          .as("what only inserts were published of is copied anew")
          .containsExactly("11|changed", "1|uno");
      assertThat(members()).isEqualTo("ours:p1 ours:p2 ours_inserts:p");
      database.execute(
          "DELETE FROM p WHERE id = 11", "TRUNCATE p", "INSERT INTO p VALUES (3, 'x')");
      follower.run();
      assertThat(follower.copy("public.p").lines()).containsExactly("3|x");
    }
  }

  @Test
  void aKeyOfTheRootIsInheritedByItsPartitions() throws Exception {
    database.execute(
        "CREATE TABLE p (id int PRIMARY KEY, v text) PARTITION BY RANGE (id)",
        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)");
    try (Follower follower = database.follower("public.p")) {
      follower.run();
      assertThat(members()).isEqualTo("ours:p");
      database.execute(
          "ALTER TABLE p DROP CONSTRAINT p_pkey", "ALTER TABLE p1 REPLICA IDENTITY FULL");
      follower.run();
      assertThat(members()).isEqualTo("ours:p1 ours_inserts:p");
    }
  }

  @Test
  void aTableThatLosesItsKeyIsMovedWhereItBreaksNothing() throws Exception {
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, v text)",
        "CREATE TABLE child (PRIMARY KEY (id)) INHERITS (t)",
        "CREATE TABLE other (id int PRIMARY KEY)",
        "INSERT INTO t VALUES (1, 'one')");
    try (Follower follower = database.follower("public.t", "public.other")) {
      follower.run();
      database.execute("ALTER TABLE t DROP CONSTRAINT t_pkey");
      follower.run();
      assertThat(members()).isEqualTo("ours:child ours:other ours_inserts:t");
      database.execute("UPDATE ONLY t SET v = 'changed'");
    }
  }

  @Test
  void aTableThatLosesItsKeyWhileItIsFollowedIsMovedSoon() throws Exception {
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, v text)",
        "CREATE TABLE left_out (id int PRIMARY KEY, v text)",
        "INSERT INTO t VALUES (1, 'one')");
    try (Follower follower = database.follower("public.t", "public.left_out")) {
      follower.run();
      var some = follower.streams().subList(0, 1);
      try (BatchReader reader = follower.follow(some, Extent.CONTINUOUS)) {
        database.execute("ALTER TABLE t DROP CONSTRAINT t_pkey");
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (!members().contains("ours_inserts:t")) {
          assertThat(System.nanoTime()).as(members()).isLessThan(deadline);
          follower.step(reader);
        }
        database.execute("UPDATE t SET v = 'changed'", "INSERT INTO t VALUES (2, 'two')");
        assertThat(members()).isEqualTo("ours:left_out ours_inserts:t");
      }
    }
  }

  @Test
  void checkNamesTheTableThatHasNone() throws Exception {
    createPartitioned();
    database.execute(
        "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20)",
        "CREATE TABLE parent (id int PRIMARY KEY)",
        "CREATE TABLE child () INHERITS (parent)",
        "CREATE TABLE empty (id int) PARTITION BY RANGE (id)");
    assertThat(
            LogCheckTest.wrong(
                LogCheckTest.check(
                    database.settings(), "public.p", "public.parent", "public.empty")))
        .anyMatch(line ->
            line.startsWith("public.p: its partition \"public\".\"p2\" has no replica identity")
                && line.endsWith("ALTER TABLE \"public\".\"p2\" REPLICA IDENTITY FULL;"))
        .anyMatch(line -> line.startsWith("public.p: it has no primary key: a partition"))
        .anyMatch(line ->
            line.startsWith(
                    "public.parent: its child table \"public\".\"child\" has no replica identity")
                && line.endsWith("ALTER TABLE \"public\".\"child\" REPLICA IDENTITY FULL;"))
        .anyMatch(line -> line.startsWith("public.empty: it has no primary key"));
  }

  @Test
  void whatSomebodyElsesPublicationBreaksIsTold() throws Exception {
    createPartitioned();
    database.execute("CREATE TABLE bag (a int)", "CREATE PUBLICATION mine FOR ALL TABLES");
    List<String> wrong =
        LogCheckTest.wrong(
            LogCheckTest.check(
                database.with(Map.of("publication", "mine")), "public.bag", "public.p"));
    assertThat(wrong)
        .anyMatch(line ->
            line.startsWith("public.bag: ")
                && line.contains("publication 'mine' publishes updates")
                && line.contains("fail"))
        .anyMatch(line ->
            line.startsWith("public.p: ")
                && line.contains("a partition that is made of it from now on")
                && line.contains("publication 'mine' publishes updates"));
  }
}
