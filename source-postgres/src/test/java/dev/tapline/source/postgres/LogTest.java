package dev.tapline.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.SharedServer;
import dev.tapline.source.postgres.testing.TestServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogTest {
  private final TestServer server = SharedServer.get();
  private String database = "";

  @BeforeEach
  void createDatabase() {
    database = SharedServer.database();
  }

  private void given(String... statements) {
    server.executeIn(database, statements);
  }

  @Test
  void bringsWhatHappensAfterTheCopy() throws Exception {
    given(
        "CREATE TABLE orders (id int PRIMARY KEY, total numeric(10,2), note text)",
        "INSERT INTO orders VALUES (1, 1.50, 'one'), (2, 2, NULL)");
    try (Follower follower = Follower.of(server.url(database), "public.orders")) {
      follower.run();
      assertThat(follower.changes).isEmpty();
      given(
          "INSERT INTO orders VALUES (3, 3, 'three')",
          "UPDATE orders SET total = 9.99 WHERE id = 1",
          "DELETE FROM orders WHERE id = 2",
          "UPDATE orders SET id = 4 WHERE id = 3");
      follower.run();
      assertThat(follower.changes)
          .containsExactly(
              "INSERT orders id=3 total=3.00 note=three",
              "UPDATE orders id=1 total=9.99 note=one",
              "DELETE orders id=2 total=null note=null",
              "DELETE orders id=3 total=null note=null",
              "INSERT orders id=4 total=3.00 note=three");
      assertThat(follower.copy("public.orders").lines())
          .containsExactly("1|9.99|one", "4|3.00|three");
      follower.run();
      assertThat(follower.changes).hasSize(5);
    }
  }
}
