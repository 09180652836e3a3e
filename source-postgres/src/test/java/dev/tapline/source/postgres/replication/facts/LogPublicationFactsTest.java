package dev.tapline.source.postgres.replication.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.source.postgres.fixtures.Follower;
import dev.tapline.source.postgres.fixtures.LogDatabase;
import dev.tapline.source.postgres.testing.SharedServer;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Publications of somebody else, which leave out what they like, and change.
class LogPublicationFactsTest {
  private final TestServer server = SharedServer.get();
  private LogDatabase database = LogDatabase.at(server, "postgres", Map.of());

  @BeforeEach
  void createDatabase() {
    database = LogDatabase.at(server, SharedServer.database(), Map.of("publication", "mine"));
  }

  private void given(String... statements) {
    database.execute(statements);
  }

  private List<String> checked(String name) throws Exception {
    try (Follower follower = database.follower(name)) {
      Stream stream = follower.streams().getFirst();
      Stream logged =
          new Stream(
              stream.name(),
              stream.kind(),
              stream.schema(),
              stream.destination(),
              "LOG_BASED",
              List.of(),
              -1,
              -1);
      return follower.pipeline.source.check(List.of(logged)).stream()
          .filter(finding -> finding.severity() != Finding.Severity.OK)
          .map(finding ->
              finding.subject().label(false) + ": " + finding.message() + "; " + finding.remedy())
          .toList();
    }
  }

  /// Of its large value the log then says that it is unchanged, and nothing was there before.
  @Test
  void aRowThatComesIntoTheRowFilterWithoutItsValuesIsCopied() throws Exception {
    given(
        "CREATE TABLE t (id int PRIMARY KEY, large text)",
        "ALTER TABLE t ALTER large SET STORAGE EXTERNAL",
        "INSERT INTO t VALUES (1, repeat('x', 5000)), (2, repeat('y', 5000))",
        "CREATE PUBLICATION mine FOR TABLE t WHERE (id % 2 = 0)");
    try (Follower follower = database.follower("public.t")) {
      follower.run();
      given("UPDATE t SET id = 4 WHERE id = 1", "INSERT INTO t VALUES (6, 'z')");
      follower.run();
      assertThat(follower.renewals).singleElement().asString().contains("into the row filter");
      assertThat(follower.copy("public.t").lines())
          .containsExactly("2|" + "y".repeat(5000), "4|" + "x".repeat(5000), "6|z");
    }
  }

  @Test
  void whatIsPublishedLaterIsCopiedAnew() throws Exception {
    given(
        "CREATE TABLE t (id int PRIMARY KEY, n int)",
        "INSERT INTO t VALUES (1, 1), (2, 2), (3, 3)",
        "CREATE PUBLICATION mine FOR TABLE t WITH (publish = 'insert')");
    assertThat(checked("public.t"))
        .singleElement()
        .asString()
        .contains("public.t", "updates, deletes and truncates are not in the log");
    try (Follower follower = database.follower("public.t")) {
      follower.run();
      given("UPDATE t SET n = 10 WHERE id = 1", "DELETE FROM t WHERE id = 2");
      follower.run();
      given("ALTER PUBLICATION mine SET (publish = 'insert, update, delete, truncate')");
      follower.run();
      given("UPDATE t SET n = 30 WHERE id = 3");
      follower.run();
      assertThat(follower.renewals).singleElement().asString().contains("are published");
      assertThat(follower.copy("public.t").lines()).containsExactly("1|10", "3|30");
    }
  }

  @Test
  void whatWasLeftOutForAWhileIsCopiedAnew() throws Exception {
    given(
        "CREATE TABLE t (id int PRIMARY KEY, n int)",
        "INSERT INTO t VALUES (1, 1)",
        "CREATE PUBLICATION mine FOR TABLE t");
    try (Follower follower = database.follower("public.t")) {
      follower.run();
      given(
          "ALTER PUBLICATION mine SET (publish = 'insert')",
          "UPDATE t SET n = 2",
          "ALTER PUBLICATION mine SET (publish = 'insert, update, delete, truncate')");
      follower.run();
      assertThat(follower.copy("public.t").lines()).containsExactly("1|2");
      given(
          "ALTER PUBLICATION mine DROP TABLE t",
          "UPDATE t SET n = 3",
          "ALTER PUBLICATION mine ADD TABLE t");
      follower.run();
      assertThat(follower.copy("public.t").lines()).containsExactly("1|3");
      assertThat(follower.renewals).hasSize(2);
    }
  }

  @Test
  void otherTablesOfAPublicationComeAndGo() throws Exception {
    given(
        "CREATE TABLE t (id int PRIMARY KEY, n int)",
        "CREATE TABLE other (id int PRIMARY KEY)",
        "CREATE PUBLICATION mine FOR TABLE t");
    try (Follower follower = database.follower("public.t")) {
      follower.run();
      given(
          "ALTER PUBLICATION mine ADD TABLE other",
          "ALTER PUBLICATION mine SET TABLE t, other",
          "ALTER PUBLICATION mine DROP TABLE other",
          "COMMENT ON PUBLICATION mine IS 'ours'",
          "INSERT INTO t VALUES (1, 1)");
      follower.run();
      assertThat(follower.renewals).isEmpty();
      assertThat(follower.copy("public.t").lines()).containsExactly("1|1");
    }
  }

  @Test
  void columnsThatComeLaterAreCopiedAnew() throws Exception {
    given(
        "CREATE TABLE t (id int PRIMARY KEY, a int, b int)",
        "INSERT INTO t VALUES (1, 1, 1)",
        "CREATE PUBLICATION mine FOR TABLE t (id, a)");
    try (Follower follower = database.follower("public.t")) {
      follower.run();
      assertThat(follower.copy("public.t").lines()).containsExactly("1|1");
      given("ALTER PUBLICATION mine SET TABLE t (id, a, b)");
      follower.run();
      assertThat(follower.copy("public.t").lines()).containsExactly("1|1|1");
      given(
          "ALTER TABLE t ADD c int",
          "INSERT INTO t VALUES (2, 2, 2, 2)",
          "ALTER PUBLICATION mine SET TABLE t (id, a, b, c)");
      follower.run();
      assertThat(follower.copy("public.t").lines()).containsExactly("1|1|1|null", "2|2|2|2");
      given("ALTER PUBLICATION mine SET TABLE t", "ALTER TABLE t ADD d int");
      follower.run();
      given("INSERT INTO t VALUES (3, 3, 3, 3, 3)");
      int before = follower.renewals.size();
      follower.run();
      assertThat(follower.renewals).hasSize(before);
      assertThat(follower.copy("public.t").lines()).endsWith("3|3|3|3|3");
    }
  }

  @Test
  void columnsThatMayBeReadLaterAreCopiedAnew() throws Exception {
    String role = "reader_" + database.value("SELECT current_database()");
    given(
        "CREATE ROLE " + role + " LOGIN REPLICATION",
        "CREATE TABLE t (id int PRIMARY KEY, a int, secret int)",
        "INSERT INTO t VALUES (1, 1, 1)",
        "GRANT SELECT (id, a) ON t TO " + role,
        "CREATE PUBLICATION mine FOR TABLE t");
    Map<String, Object> settings =
        database.with(Map.of("url", database.url().replace("postgres@", role + "@")));
    try (Follower follower = new Follower(settings, "public.t")) {
      follower.run();
      assertThat(follower.copy("public.t").lines()).containsExactly("1|1");
      given("GRANT SELECT ON t TO " + role);
      follower.run();
      assertThat(follower.copy("public.t").lines()).containsExactly("1|1|1");
      assertThat(follower.renewals).singleElement().asString().contains("secret");
    }
  }

  @Test
  void aTableThatLeftThePublishedSchemaForAWhileIsCopiedAnew() throws Exception {
    given(
        "CREATE SCHEMA away",
        "CREATE TABLE t (id int PRIMARY KEY, n int)",
        "CREATE TABLE stays (id int PRIMARY KEY)",
        "INSERT INTO t VALUES (1, 1)",
        "CREATE PUBLICATION mine FOR TABLES IN SCHEMA public");
    try (Follower follower = database.follower("public.t", "public.stays")) {
      follower.run();
      given(
          "ALTER TABLE t SET SCHEMA away",
          "INSERT INTO away.t VALUES (2, 2)",
          "ALTER TABLE away.t SET SCHEMA public",
          "ALTER TABLE stays ADD n int",
          "GRANT SELECT ON stays TO PUBLIC");
      follower.run();
      assertThat(follower.copy("public.t").lines()).containsExactly("1|1", "2|2");
      assertThat(follower.renewals).hasSize(1);
    }
  }

  @Test
  void aLeafIsJudgedByTheIdentityOfItsRootWherePublishedAsThat() throws Exception {
    given(
        "CREATE TABLE p (id int PRIMARY KEY, n int) PARTITION BY RANGE (id)",
        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)",
        "ALTER TABLE p REPLICA IDENTITY FULL",
        "ALTER TABLE p1 REPLICA IDENTITY DEFAULT",
        "CREATE PUBLICATION mine FOR TABLE p WITH (publish_via_partition_root)");
    assertThat(checked("public.p"))
        .anySatisfy(said -> assertThat(said).contains("p1", "replica identity"));
    try (Follower follower = database.follower("public.p")) {
      assertThatThrownBy(follower::run)
          .hasMessageContaining("public.p1 has another replica identity than the root");
    }
  }

  @Test
  void theTruncateOfALeafIsNoticedWherePublishedAsItsRoot() throws Exception {
    given(
        "CREATE TABLE p (id int PRIMARY KEY, n int) PARTITION BY RANGE (id)",
        "CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)",
        "CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20)",
        "INSERT INTO p VALUES (1, 1), (11, 11)",
        "CREATE PUBLICATION mine FOR TABLE p WITH (publish_via_partition_root)");
    try (Follower follower = database.follower("public.p")) {
      follower.run();
      given("TRUNCATE p1", "UPDATE p SET n = 12 WHERE id = 11");
      follower.run();
      given("DELETE FROM p WHERE id = 11", "INSERT INTO p VALUES (2, 2)");
      follower.run();
      assertThat(follower.failures).isEmpty();
      assertThat(follower.copy("public.p").lines()).containsExactly("2|2");
    }
  }

  @Test
  void anUnloggedPartitionEndsTheStreamByItsName() throws Exception {
    given(
        "CREATE TABLE p (id int PRIMARY KEY, n int) PARTITION BY RANGE (id)",
        "CREATE UNLOGGED TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10)",
        "CREATE PUBLICATION mine FOR TABLE p");
    assertThat(checked("public.p")).anySatisfy(said -> assertThat(said).contains("p1", "unlogged"));
    try (Follower follower = database.follower("public.p")) {
      assertThatThrownBy(follower::run).hasMessageContaining("\"public\".\"p1\" is unlogged");
    }
  }
}
