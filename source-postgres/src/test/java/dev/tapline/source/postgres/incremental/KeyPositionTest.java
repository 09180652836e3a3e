package dev.tapline.source.postgres.incremental;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.fixtures.Pipeline;
import dev.tapline.source.postgres.testing.SharedServer;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.spi.catalog.Stream;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a position holds of rows, key and table, and what becomes of a stream when these are
/// others.
class KeyPositionTest {
  private final TestServer server = SharedServer.get();
  private String database = "";

  @BeforeEach
  void createDatabase() {
    database = SharedServer.database();
  }

  private void given(String... statements) {
    server.executeIn(database, statements);
  }

  private KeyFollower follower(String table, String lookback, String... key) throws Exception {
    return new KeyFollower(server.url(database), table, lookback, key);
  }

  @Test
  void noticesAnotherKey() throws Exception {
    given("CREATE TABLE t (name text, a int, b int)", "INSERT INTO t VALUES ('x', 1, 1)");
    try (KeyFollower follower = follower("public.t", "", "a")) {
      follower.copy();
      Stream other = KeyFollower.stream(follower.pipeline.relation("public.t"), "", "b");

      assertThat(follower.outdated(other))
          .containsExactly("its replication key is now b (integer)");
    }
  }

  @Test
  void noticesAnotherTypeOfTheKey() throws Exception {
    given("CREATE TABLE t (name text, a int)", "INSERT INTO t VALUES ('x', 9)");
    try (KeyFollower follower = follower("public.t", "", "a")) {
      follower.copy();
      given("ALTER TABLE t ALTER a TYPE text");
      try (Pipeline later = Pipeline.at(server.url(database))) {
        assertThat(follower.outdated(KeyFollower.stream(later.relation("public.t"), "", "a")))
            .containsExactly("its replication key is now a (text)");
      }
    }
  }

  @Test
  void noticesAnotherTableOfTheSameName() throws Exception {
    given("CREATE TABLE t (name text, a int)", "INSERT INTO t VALUES ('x', 9)");
    try (KeyFollower follower = follower("public.t", "", "a")) {
      follower.copy();
      assertThat(follower.next()).isEmpty();
      assertThat(follower.outdated(follower.stream)).isEmpty();
      given("DROP TABLE t", "CREATE TABLE t (name text, a int)", "INSERT INTO t VALUES ('new', 1)");
      assertThat(follower.outdated(follower.stream))
          .containsExactly("it was dropped and made anew");
    }
  }

  @Test
  void equalKeysThatAreWrittenDifferentlyAreBroughtOnce() throws Exception {
    given(
        "CREATE TABLE t (name text, n numeric, f float8, i interval, a numeric[], j jsonb)",
        "INSERT INTO t VALUES ('a', 1, -1, '1 day', '{1}', '1'), ('b', 2, 0, '30 days', '{2}', '2'), ('c', 2.00, '-0', '1 mon', '{2.0}', '2.0'), ('d', 2.0, 0, '720:00', '{2.00}', '2.00')");
    for (String key : List.of("n", "f", "i", "a", "j")) {
      try (KeyFollower follower = follower("public.t", "", key)) {
        follower.copy();
        assertThat(follower.next()).as(key).isEmpty();
        assertThat(follower.next()).as(key).isEmpty();
        given("INSERT INTO t VALUES ('e', 2.000, -0.0, '30 days', '{2}', '2.000')");
        assertThat(follower.next()).as(key).containsExactly("e");
        assertThat(follower.next()).as(key).isEmpty();
        given("DELETE FROM t WHERE name = 'e'");
      }
    }
  }
}
