package dev.tapline.source.postgres.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.fixtures.Follower;
import dev.tapline.source.postgres.fixtures.LogDatabase;
import dev.tapline.source.postgres.testing.SharedServer;
import dev.tapline.spi.source.ChangeLog.Extent;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Runs that are killed when they have put the publication right, and before they have written down
/// that a stream must be copied anew: the next run must notice the same again.
class LogKilledPlanTest {
  private static final String TABLE = "public.t";

  private LogDatabase database = LogDatabase.at(SharedServer.get(), "postgres", Map.of());

  @BeforeEach
  void createDatabase() {
    database = database();
  }

  LogDatabase database() {
    return LogDatabase.at(SharedServer.get(), SharedServer.database(), Map.of());
  }

  static Stream<Arguments> changes() {
    return Stream.of(
        Arguments.of(
            "a child that was not published",
            List.of(),
            List.of(
                "CREATE TABLE child (PRIMARY KEY (id)) INHERITS (t)",
                "INSERT INTO child VALUES (2, 'child')")),
        Arguments.of(
            "a table that inherits from now on",
            List.of("CREATE TABLE other (LIKE t INCLUDING ALL)"),
            List.of("INSERT INTO other VALUES (2, 'other')", "ALTER TABLE other INHERIT t")),
        Arguments.of(
            "a partition of a table without a key",
            List.of(
                "DROP TABLE t",
                "CREATE TABLE t (id int, v text) PARTITION BY RANGE (id)",
                "CREATE TABLE t1 PARTITION OF t (PRIMARY KEY (id)) FOR VALUES FROM (0) TO (10)",
                "INSERT INTO t VALUES (1, 'one')"),
            List.of(
                "CREATE TABLE t2 PARTITION OF t (PRIMARY KEY (id)) FOR VALUES FROM (10) TO (20)",
                "INSERT INTO t VALUES (12, 'before')",
                "UPDATE t SET v = 'after' WHERE id = 12")),
        Arguments.of(
            "a child of a child",
            List.of("CREATE TABLE child (PRIMARY KEY (id)) INHERITS (t)"),
            List.of(
                "CREATE TABLE grandchild (PRIMARY KEY (id)) INHERITS (child)",
                "INSERT INTO grandchild VALUES (2, 'grandchild')")),
        Arguments.of(
            "a table that was taken out of the publication",
            List.of(),
            List.of(
                "DO $$BEGIN EXECUTE (SELECT format('ALTER PUBLICATION %I DROP TABLE t', pubname) FROM pg_publication_tables WHERE tablename = 't'); END$$",
                "INSERT INTO t VALUES (2, 'two')")),
        Arguments.of(
            "a table that has a replica identity again",
            List.of("ALTER TABLE t REPLICA IDENTITY NOTHING"),
            List.of(
                "UPDATE t SET v = 'other' WHERE id = 1", "ALTER TABLE t REPLICA IDENTITY DEFAULT")),
        Arguments.of(
            "a child that has a replica identity from now on",
            List.of("CREATE TABLE child () INHERITS (t)", "INSERT INTO child VALUES (2, 'two')"),
            List.of(
                "UPDATE child SET v = 'other' WHERE id = 2",
                "ALTER TABLE child REPLICA IDENTITY FULL")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  void theNextRunNoticesItAgain(String what, List<String> before, List<String> then)
      throws Exception {
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, v text)", "INSERT INTO t VALUES (1, 'one')");
    database.execute(before.toArray(String[]::new));
    try (Follower follower = database.follower(TABLE)) {
      follower.run();
      follower.run();
      database.execute(then.toArray(String[]::new));
      try (Follower killed = database.follower(TABLE)) {
        killed.state.putAll(follower.state);
        killed.begin(Extent.UNTIL_NOW).close();
      }
      follower.run();
      assertThat(follower.failures).isEmpty();
      assertThat(follower.copy(TABLE).lines())
          .as(what)
          .containsExactlyInAnyOrderElementsOf(
              database.values("SELECT id || '|' || v FROM t ORDER BY 1"));
    }
  }
}
