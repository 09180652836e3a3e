package dev.tapline.source.postgres.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tapline.source.postgres.fixtures.Follower;
import dev.tapline.source.postgres.fixtures.LoggedLines;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.ChangeLog.Extent;
import dev.tapline.spi.source.StaleSplitException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a position in the log rests on: partitions and children that come and go, tables that
/// change their names.
abstract class AbstractLogFacts extends AbstractLogStart {
  private static final int WITH_PUBLISHED_ROOTS = 130_000;
  private static final String LOOK = "tapline.postgres.look.millis";

  /// Whether the log tells of TRUNCATE.
  abstract boolean tellsTruncate();

  /// Whether the log names tables by their names alone.
  boolean goesByName() {
    return "wal2json".equals(database.settings().get("plugin"));
  }

  final int version() {
    return Integer.parseInt(database.value("SHOW server_version_num"));
  }

  @AfterEach
  void lookAsUsual() {
    System.clearProperty(LOOK);
  }

  private static void lookOften() {
    System.setProperty(LOOK, "200");
  }

  private void givenPartitions() {
    given(
        "CREATE TABLE p (id int NOT NULL, v text) PARTITION BY RANGE (id)",
        "CREATE TABLE p1 PARTITION OF p (PRIMARY KEY (id)) FOR VALUES FROM (0) TO (10)",
        "CREATE TABLE p2 PARTITION OF p (PRIMARY KEY (id)) FOR VALUES FROM (10) TO (20)",
        "INSERT INTO p VALUES (1, 'one'), (11, 'eleven')");
  }

  // Before PostgreSQL 13 a partition is published by itself.
  private void assumeNewPartitionsCome() {
    assumeTrue(goesByName() || version() >= 130_000);
  }

  private static void assertGoesOn(Follower follower) {
    assertThat(follower.failures).isEmpty();
    assertThat(follower.renewals).isEmpty();
  }

  /// A continuous read, until it is given up for a new copy.
  private static void awaitRenewal(Follower follower, BatchReader reader)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + 30_000_000_000L;
    try {
      while (System.nanoTime() < deadline) {
        follower.step(reader);
      }
      throw new AssertionError("nothing was copied anew; changes: " + follower.changes);
    } catch (StaleSplitException e) {
      follower.forget();
    } finally {
      reader.close();
    }
  }

  @Test
  void aPartitionThatIsMadeAsOneGoesOn() throws Exception {
    givenPartitions();
    try (Follower follower = database.follower("public.p")) {
      follower.run();
      given(
          "CREATE TABLE p3 PARTITION OF p (PRIMARY KEY (id)) FOR VALUES FROM (20) TO (30)",
          "CREATE TABLE p4 (id int PRIMARY KEY, v text)",
          "ALTER TABLE p ATTACH PARTITION p4 FOR VALUES FROM (30) TO (40)");
      follower.run();
      given("INSERT INTO p VALUES (21, 'new'), (31, 'new')");
      follower.run();
      if (goesByName() || version() >= WITH_PUBLISHED_ROOTS) {
        assertGoesOn(follower);
      }
      assertThat(follower.copy("public.p").lines())
          .containsExactly("11|eleven", "1|one", "21|new", "31|new");
    }
  }

  @Test
  void anAttachedPartitionBringsItsRows() throws Exception {
    givenPartitions();
    given("CREATE TABLE p3 (id int PRIMARY KEY, v text)", "INSERT INTO p3 VALUES (21, 'before')");
    try (Follower follower = database.follower("public.p")) {
      follower.run();
      given(
          "ALTER TABLE p ATTACH PARTITION p3 FOR VALUES FROM (20) TO (30)",
          "INSERT INTO p VALUES (22, 'after')",
          // In one transaction with the rows, as tools that split a default partition do it.
          """
          BEGIN; CREATE TABLE p4 (id int PRIMARY KEY, v text); INSERT INTO p4 VALUES (31, 'same');
          ALTER TABLE p ATTACH PARTITION p4 FOR VALUES FROM (30) TO (40); COMMIT
          """);
      follower.run();
      given("INSERT INTO p VALUES (32, 'later')");
      follower.run();
      assertThat(follower.failures).isEmpty();
      assertThat(follower.renewals).hasSize(1);
      assertThat(follower.copy("public.p").lines())
          .containsExactly("11|eleven", "1|one", "21|before", "22|after", "31|same", "32|later");
    }
  }

  @Test
  void theRowsOfARemovedPartitionGo() throws Exception {
    givenPartitions();
    try (Follower follower = database.follower("public.p")) {
      follower.run();
      given("ALTER TABLE p DETACH PARTITION p2", "INSERT INTO p2 VALUES (12, 'gone')");
      follower.run();
      assertThat(follower.copy("public.p").lines()).containsExactly("1|one");
      given("ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM (10) TO (20)");
      follower.run();
      assertThat(follower.copy("public.p").lines())
          .containsExactly("11|eleven", "12|gone", "1|one");
      given("DROP TABLE p2");
      follower.run();
      assertThat(follower.copy("public.p").lines()).containsExactly("1|one");
      assertThat(follower.failures).isEmpty();
      assertThat(follower.renewals).hasSize(3);
    }
  }

  @Test
  void aPartitionThatWasDetachedAndAttachedAgainIsNoticed() throws Exception {
    givenPartitions();
    try (Follower follower = database.follower("public.p")) {
      follower.run();
      given(
          "ALTER TABLE p DETACH PARTITION p2",
          "INSERT INTO p2 VALUES (12, 'alone')",
          "ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM (10) TO (20)");
      follower.run();
      assertThat(follower.failures).isEmpty();
      assertThat(follower.copy("public.p").lines())
          .containsExactly("11|eleven", "12|alone", "1|one");
    }
  }

  @Test
  void theRowsOfAPartitionThatCameAndWentDuringARunGo() throws Exception {
    assumeNewPartitionsCome();
    givenPartitions();
    try (Follower follower = database.follower("public.p")) {
      follower.run();
      try (BatchReader reader = follower.begin(Extent.CONTINUOUS)) {
        given(
            "CREATE TABLE p3 PARTITION OF p FOR VALUES FROM (20) TO (30)",
            "INSERT INTO p VALUES (21, 'passing')");
        follower.await(reader, 1);
      }
      given("DROP TABLE p3");
      follower.run();
      assertThat(follower.renewals).singleElement().asString().contains("(dropped)");
      assertThat(follower.copy("public.p").lines()).containsExactly("11|eleven", "1|one");
    }
  }

  @Test
  void theRowsOfAPartitionThatCameAndWentBetweenTwoLooksGo() throws Exception {
    assumeNewPartitionsCome();
    givenPartitions();
    System.setProperty(LOOK, "2000");
    try (Follower follower = database.follower("public.p")) {
      follower.run();
      BatchReader reader = follower.begin(Extent.CONTINUOUS);
      given(
          "CREATE TABLE p3 PARTITION OF p FOR VALUES FROM (20) TO (30)",
          "INSERT INTO p VALUES (21, 'passing')");
      follower.await(reader, 1);
      given("DROP TABLE p3");
      awaitRenewal(follower, reader);
      follower.run();
      assertThat(follower.copy("public.p").lines()).containsExactly("11|eleven", "1|one");
    }
  }

  @Test
  void rowsOfRemovedPartitionsStayWhereThatIsWanted() throws Exception {
    givenPartitions();
    Map<String, Object> settings = database.with(Map.of("removed-partitions", "keep"));
    try (Follower follower = new Follower(settings, "public.p")) {
      follower.run();
      given(
          "ALTER TABLE p DETACH PARTITION p2",
          "DROP TABLE p2",
          "TRUNCATE p1",
          "INSERT INTO p VALUES (2, 'two')");
      follower.run();
      assertThat(follower.failures).isEmpty();
      if (tellsTruncate()) {
        assertThat(follower.renewals).isEmpty();
        assertThat(follower.copy("public.p").lines())
            .containsExactly("11|eleven", "1|one", "2|two");
      }
    }
  }

  @Test
  void aTruncatedPartitionHasTheTableCopiedAnew() throws Exception {
    givenPartitions();
    given("CREATE TABLE other (id int PRIMARY KEY)");
    try (Follower follower = database.follower("public.p", "public.other")) {
      follower.run();
      given(
          "INSERT INTO p VALUES (2, 'two')",
          "TRUNCATE p1",
          "INSERT INTO other VALUES (1)",
          "INSERT INTO p VALUES (3, 'three')");
      follower.run();
      given("INSERT INTO p VALUES (4, 'four')");
      follower.run();
      assertThat(follower.failures).isEmpty();
      assertThat(follower.renewals).hasSize(1);
      assertThat(follower.copy("public.p").lines())
          .containsExactly("11|eleven", "3|three", "4|four");
      assertThat(follower.copy("public.other").lines()).containsExactly("1");
    }
  }

  @Test
  void aTableThatInheritsFromNowOnBringsItsRows() throws Exception {
    given("CREATE TABLE t (id int PRIMARY KEY, v text)", "INSERT INTO t VALUES (1, 'one')");
    try (Follower follower = database.follower("public.t")) {
      follower.run();
      given(
          "CREATE TABLE c (PRIMARY KEY (id)) INHERITS (t)",
          "INSERT INTO c VALUES (2, 'child')",
          "INSERT INTO t VALUES (3, 'three')");
      follower.run();
      given("INSERT INTO c VALUES (4, 'child')", "UPDATE c SET v = 'changed' WHERE id = 2");
      follower.run();
      given("ALTER TABLE c NO INHERIT t");
      follower.run();
      assertThat(follower.failures).isEmpty();
      assertThat(follower.copy("public.t").lines()).containsExactly("1|one", "3|three");
    }
  }

  @Test
  void theRowsOfATableThatInheritsComeWhereverItIsMade() throws Exception {
    given("CREATE TABLE t (id int PRIMARY KEY, v text)", "INSERT INTO t VALUES (1, 'one')");
    lookOften();
    try (Follower follower = database.follower("public.t")) {
      BatchReader reader = follower.begin(Extent.CONTINUOUS);
      try {
        given(
            "CREATE TABLE c (PRIMARY KEY (id)) INHERITS (t)", "INSERT INTO c VALUES (2, 'child')");
        awaitRenewal(follower, reader);
      } finally {
        reader.close();
      }
      follower.run();
      assertThat(follower.failures).isEmpty();
      assertThat(follower.copy("public.t").lines()).containsExactly("1|one", "2|child");
    }
  }

  @Test
  void anAttachedPartitionIsSeenWhileTheLogIsFollowed() throws Exception {
    givenPartitions();
    given("CREATE TABLE p3 (id int PRIMARY KEY, v text)");
    lookOften();
    try (Follower follower = database.follower("public.p")) {
      BatchReader reader = follower.begin(Extent.CONTINUOUS);
      given("INSERT INTO p3 VALUES (21, 'before')", "INSERT INTO p VALUES (2, 'two')");
      follower.await(reader, 1);
      given(
          "ALTER TABLE p ATTACH PARTITION p3 FOR VALUES FROM (20) TO (30)",
          "INSERT INTO p3 VALUES (22, 'after')");
      awaitRenewal(follower, reader);
      reader = follower.begin(Extent.CONTINUOUS);
      given("ALTER TABLE p DETACH PARTITION p1", "INSERT INTO p1 VALUES (3, 'detached')");
      awaitRenewal(follower, reader);
      follower.run();
      assertThat(follower.failures).isEmpty();
      assertThat(follower.copy("public.p").lines())
          .containsExactly("11|eleven", "21|before", "22|after");
    }
  }

  @Test
  void tablesThatSwapTheirNamesAreCopiedAnew() throws Exception {
    given(
        "CREATE TABLE t (id int PRIMARY KEY, v text)",
        "INSERT INTO t VALUES (1, 'old')",
        "CREATE TABLE t_new (id int PRIMARY KEY, v text)",
        "INSERT INTO t_new VALUES (1, 'new')");
    lookOften();
    try (Follower follower = database.follower("public.t")) {
      BatchReader reader = follower.begin(Extent.CONTINUOUS);
      given(
          "BEGIN; ALTER TABLE t RENAME TO t_old; ALTER TABLE t_new RENAME TO t; COMMIT",
          "UPDATE t SET v = 'newer'");
      awaitRenewal(follower, reader);
      follower.run();
      assertThat(follower.copy("public.t").lines()).containsExactly("1|newer");
      assertThat(follower.failures).isEmpty();
    }
  }

  @Test
  void aTableThatHadAnotherNameForAWhileHasAllItsChanges() throws Exception {
    given(
        "CREATE SCHEMA away",
        "CREATE TABLE t (id int PRIMARY KEY, v text)",
        "INSERT INTO t VALUES (1, 'one')");
    try (Follower follower = database.follower("public.t")) {
      follower.run();
      given(
          "ALTER TABLE t SET SCHEMA away",
          "INSERT INTO away.t VALUES (2, 'away')",
          "ALTER TABLE away.t SET SCHEMA public");
      follower.run();
      given(
          "ALTER TABLE t RENAME TO other",
          "INSERT INTO other VALUES (3, 'other')",
          "ALTER TABLE other RENAME TO t");
      follower.run();
      assertThat(follower.failures).isEmpty();
      assertThat(follower.renewals).hasSize(goesByName() ? 2 : 0);
      assertThat(follower.copy("public.t").lines()).containsExactly("1|one", "2|away", "3|other");
    }
  }

  @Test
  void aTableThatIsGoneEndsItsStreamAlone() throws Exception {
    given("CREATE TABLE t (id int PRIMARY KEY)", "CREATE TABLE other (id int PRIMARY KEY)");
    lookOften();
    try (Follower follower = database.follower("public.t", "public.other")) {
      try (BatchReader reader = follower.begin(Extent.CONTINUOUS)) {
        given("DROP TABLE t");
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (follower.failures.isEmpty() && System.nanoTime() < deadline) {
          follower.step(reader);
        }
        assertThat(follower.failures.values()).singleElement().asString().contains("dropped");
        given("INSERT INTO other VALUES (1)");
        follower.await(reader, 1);
      }
      assertThat(follower.changes).isEqualTo(List.of("INSERT other id=1"));
    }
  }

  @Test
  void whatBecomesOfColumnsBetweenRunsIsTold() throws Exception {
    given(
        "CREATE TABLE t (id int PRIMARY KEY, v text, w cidr, gone int)",
        "INSERT INTO t VALUES (1, 'one', '10.0.0.0/8', 1)");
    try (LoggedLines logged = new LoggedLines();
        Follower follower = database.follower("public.t")) {
      follower.run();
      given("ALTER TABLE t ADD n int", "INSERT INTO t VALUES (2, 'two', NULL, 2, 2)");
      follower.run();
      assertThat(logged.with("stream public.t: "))
          .filteredOn(line -> line.contains("column"))
          .isEmpty();
      given(
          "ALTER TABLE t RENAME v TO renamed",
          "ALTER TABLE t ALTER w TYPE inet",
          "ALTER TABLE t DROP gone",
          // Nothing that rewrites the table, which is noticed where TRUNCATE is not told.
          "ALTER TABLE t ADD filled int",
          "ALTER TABLE t ALTER filled SET DEFAULT 7",
          "INSERT INTO t VALUES (3, 'three', NULL, 3)");
      follower.run();
      assertGoesOn(follower);
      assertThat(logged.with("column"))
          .allMatch(line -> line.startsWith("WARN stream public.t: "))
          .anyMatch(line -> line.contains("its columns renamed, w have another name or type"))
          .anyMatch(line -> line.contains("its columns filled were added"))
          .anyMatch(line -> line.contains("a column was dropped"))
          .allMatch(line -> line.contains("reset --stream"))
          .hasSize(3);
      follower.run();
      assertThat(logged.with("column")).hasSize(3);
    }
  }

  @Test
  void whatIsHarmlessCostsNoCopy() throws Exception {
    given(
        "CREATE TABLE t (id int PRIMARY KEY, v text)",
        "CREATE TABLE u (id int PRIMARY KEY, v text)",
        "CREATE TABLE s (id int PRIMARY KEY, v text)",
        // So the publication of inserts is there from the beginning, and is read: where it is made
        // in the
        // midst of a read, what is put into it must be copied.
        "CREATE TABLE keyless (v text)",
        "INSERT INTO t VALUES (1, 'one')");
    lookOften();
    try (Follower follower =
            database.follower("public.t", "public.u", "public.s", "public.keyless");
        Connection connection = database.connect();
        Statement session = connection.createStatement()) {
      session.execute("CREATE TEMPORARY TABLE mine () INHERITS (s)");
      try (BatchReader reader = follower.begin(Extent.CONTINUOUS)) {
        given(
            "ALTER TABLE t ADD n int",
            "ALTER TABLE t RENAME v TO w",
            "CREATE INDEX ON t (n)",
            "GRANT SELECT ON t TO PUBLIC",
            "ALTER TABLE t ALTER n SET DEFAULT 1",
            "ALTER TABLE u DROP CONSTRAINT u_pkey",
            "VACUUM ANALYZE t",
            "INSERT INTO t VALUES (2, 'two', 2)");
        follower.await(reader, 1);
        // Some looks later.
        long until = System.nanoTime() + 1_500_000_000L;
        while (System.nanoTime() < until) {
          follower.step(reader);
        }
      }
      session.execute("DROP TABLE mine");
      follower.run();
      given("INSERT INTO u VALUES (1, 'one')");
      follower.run();
      assertGoesOn(follower);
      assertThat(follower.copy("public.t").lines()).hasSize(2);
      assertThat(follower.copy("public.u").lines()).hasSize(1);
    }
  }
}
