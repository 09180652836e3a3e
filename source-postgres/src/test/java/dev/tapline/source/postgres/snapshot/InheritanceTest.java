package dev.tapline.source.postgres.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.fixtures.Follower;
import dev.tapline.source.postgres.fixtures.Literals;
import dev.tapline.source.postgres.fixtures.LogDatabase;
import dev.tapline.source.postgres.fixtures.Pipeline;
import dev.tapline.source.postgres.incremental.KeyFollower;
import dev.tapline.source.postgres.testing.SharedServer;
import dev.tapline.source.postgres.testing.TestServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Tables that inherit from several others, which in turn inherit from one: each row is there once,
/// as `SELECT` has it.
class InheritanceTest {
  private final TestServer server = SharedServer.get();
  private LogDatabase database;

  @BeforeEach
  void createDiamond() {
    database = LogDatabase.at(server, SharedServer.database(), Map.of("plugin", "pgoutput"));
    database.execute(
        "CREATE TABLE a (x int)",
        "CREATE TABLE b () INHERITS (a)",
        "CREATE TABLE c () INHERITS (a)",
        "CREATE TABLE d () INHERITS (b, c)",
        "INSERT INTO a VALUES (1)",
        "INSERT INTO b VALUES (2)",
        "INSERT INTO c VALUES (3)",
        "INSERT INTO d VALUES (4)");
  }

  private static List<String> scanned(Pipeline pipeline, String name) throws Exception {
    List<String> values = new ArrayList<>();
    pipeline.scan(
        name,
        batch -> {
          for (int row = 0; row < batch.rows(); row++) {
            values.add(Literals.of(batch.column(0), row));
          }
        });
    return values.stream().sorted().toList();
  }

  @Test
  void aDiamondIsCopiedWithEachRowOnce() throws Exception {
    database.execute("CREATE VIEW seen AS SELECT * FROM a");
    try (Pipeline pipeline = Pipeline.at(database.url())) {
      assertThat(scanned(pipeline, "public.a")).containsExactly("1", "2", "3", "4");
      assertThat(scanned(pipeline, "public.b")).containsExactly("2", "4");
      assertThat(scanned(pipeline, "public.seen")).containsExactly("1", "2", "3", "4");
    }
  }

  @Test
  void theSizeOfADiamondIsCountedOnce() throws Exception {
    database.execute("INSERT INTO d SELECT generate_series(1, 10000)", "ANALYZE d");
    try (Pipeline pipeline = Pipeline.at(database.url())) {
      assertThat(pipeline.relation("public.a").estimatedRows()).isBetween(10_000L, 11_000L);
      assertThat(pipeline.relation("public.a").estimatedBytes())
          .isLessThan(2 * pipeline.relation("public.d").estimatedBytes());
    }
  }

  @Test
  void aDiamondIsReadByItsKeyWithEachRowOnce() throws Exception {
    database.execute("ALTER TABLE a ADD COLUMN name text");
    try (KeyFollower follower = new KeyFollower(database.url(), "public.a", "", "x")) {
      assertThat(scanned(follower.pipeline, "public.a")).containsExactly("1", "2", "3", "4");
      follower.copy();
      database.execute("INSERT INTO d VALUES (5, 'five')", "INSERT INTO a VALUES (6, 'six')");
      assertThat(follower.next()).containsExactly("five", "six");
    }
  }

  @Test
  void aDiamondsChangesComeOnceToEachStreamOfIt() throws Exception {
    for (String table : List.of("a", "b", "c", "d")) {
      database.execute("ALTER TABLE %s REPLICA IDENTITY FULL".formatted(table));
    }
    try (Follower follower = database.follower("public.a", "public.b")) {
      follower.run();
      database.execute(
          "INSERT INTO d VALUES (5)",
          "UPDATE a SET x = x + 10 WHERE x IN (1, 4)",
          "DELETE FROM c WHERE x = 5");
      follower.run();
      assertThat(follower.copy("public.a").lines()).containsExactly("11", "14", "2", "3");
      assertThat(follower.copy("public.b").lines()).containsExactly("14", "2");
    }
  }
}
