package dev.tapline.source.postgres.replication.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.source.postgres.fixtures.Follower;
import dev.tapline.source.postgres.fixtures.LogDatabase;
import dev.tapline.spi.TransientException;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.ChangeLog.Extent;
import dev.tapline.spi.source.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Transactions whose changes come before they are committed. The server's memory for decoding is
/// as small as can be, so that some hundred changes make a large one.
abstract class AbstractLogStreaming {
  private static final int LARGE = 2_000;

  @TempDir Path spool;
  private LogDatabase database;
  private final List<Connection> connections = new ArrayList<>();

  /// A database of the test's own.
  abstract LogDatabase createDatabase();

  @BeforeEach
  void prepare() {
    LogDatabase made = createDatabase();
    database =
        new LogDatabase(
            made.url(),
            made.jdbc(),
            made.with(Map.of("streaming", true, "spool", spool.toString())));
    database.execute(
        "ALTER DATABASE %s SET logical_decoding_work_mem = '64kB'"
            .formatted(database.value("SELECT current_database()")),
        "CREATE TABLE t (id int PRIMARY KEY, filler text)");
  }

  @AfterEach
  void hangUp() throws SQLException {
    for (Connection connection : connections) {
      connection.close();
    }
  }

  private Statement session() throws SQLException {
    Connection connection = database.connect();
    connections.add(connection);
    return connection.createStatement();
  }

  private static String insert(int from, int count) {
    return "INSERT INTO t SELECT i, repeat('x', 100) FROM generate_series(%d, %d) i"
        .formatted(from, from + count - 1);
  }

  private void verify(Follower follower) {
    assertThat(follower.failures).isEmpty();
    assertThat(follower.copy("public.t").lines())
        .isEqualTo(
            database.values(
                "SELECT concat_ws('|', id, coalesce(filler, 'null')) AS line FROM t ORDER BY concat_ws('|', id, coalesce(filler, 'null')) COLLATE \"C\""));
  }

  @Test
  void largeTransactionsThatMixComeInTheOrderOfTheirCommits() throws Exception {
    try (Follower follower = database.follower("public.t")) {
      follower.run();
      Statement one = session();
      Statement two = session();
      one.execute("BEGIN");
      two.execute("BEGIN");
      for (int i = 0; i < 4; i++) {
        one.execute(insert(10_000 + i * LARGE, LARGE));
        two.execute(insert(50_000 + i * LARGE, LARGE));
        database.execute(insert(i, 1));
      }
      two.execute("COMMIT");
      database.execute("UPDATE t SET filler = 'after two' WHERE id = 50000");
      one.execute("UPDATE t SET filler = 'by one' WHERE id = 50001");
      one.execute("COMMIT");
      follower.run();
      database.awaitStreamed(2);
      assertThat(follower.changes).hasSize(8 * LARGE + 4 + 2);
      assertThat(follower.changes.get(0)).startsWith("INSERT t id=0 ");
      assertThat(follower.changes.get(4)).startsWith("INSERT t id=50000 ");
      assertThat(follower.changes.get(4 + 4 * LARGE)).contains("after two");
      assertThat(follower.changes.get(4 + 4 * LARGE + 1)).startsWith("INSERT t id=10000 ");
      assertThat(follower.changes.getLast()).contains("by one");
      verify(follower);
    }
  }

  @Test
  void whatIsOpenIsPutByAndBringsNothingUntilItIsCommitted() throws Exception {
    try (Follower follower = database.follower("public.t")) {
      follower.run();
      Statement open = session();
      open.execute("BEGIN");
      open.execute(insert(1, LARGE));
      try (BatchReader reader = follower.begin(Extent.CONTINUOUS)) {
        open.execute(insert(10_000, LARGE));
        database.execute(insert(5_000, 1));
        follower.await(reader, 1);
        database.awaitStreamed(1);
        database.execute(insert(5_001, 1));
        follower.await(reader, 2);
        assertThat(follower.changes).hasSize(2);
        open.execute("COMMIT");
        follower.await(reader, 2 + 2 * LARGE);
      }
      verify(follower);
      assertThat(files()).as("files that are left").isEmpty();
    }
  }

  @Test
  void whatIsRolledBackToASavepointDoesNotCome() throws Exception {
    try (Follower follower = database.follower("public.t")) {
      follower.run();
      database.execute(
          "BEGIN; "
              + insert(1, LARGE)
              + "; SAVEPOINT a; "
              + insert(10_000, LARGE)
              + "; SAVEPOINT b; "
              + insert(20_000, LARGE)
              + "; RELEASE b; "
              + insert(30_000, LARGE)
              + "; ROLLBACK TO a; SAVEPOINT c; "
              + insert(20_000, LARGE)
              + "; SAVEPOINT d; "
              + insert(40_000, LARGE)
              + "; ROLLBACK TO d; RELEASE c; UPDATE t SET filler = 'y' WHERE id <= 3; COMMIT");
      follower.run();
      database.awaitStreamed(1);
      assertThat(follower.changes).hasSize(2 * LARGE + 3);
      verify(follower);
    }
  }

  @Test
  void aLargeTransactionThatIsRolledBackDoesNotCome() throws Exception {
    try (Follower follower = database.follower("public.t")) {
      follower.run();
      Statement open = session();
      open.execute("BEGIN");
      open.execute(insert(1, LARGE));
      try (BatchReader reader = follower.begin(Extent.CONTINUOUS)) {
        open.execute(insert(10_000, LARGE));
        database.execute(insert(5_000, 1));
        follower.await(reader, 1);
        database.awaitStreamed(1);
        open.execute("ROLLBACK");
        database.execute(insert(1, LARGE));
        follower.await(reader, 1 + LARGE);
      }
      assertThat(follower.changes).hasSize(1 + LARGE);
      verify(follower);
    }
  }

  @Test
  void aTableThatIsAlteredWithinIsDescribedAnewAtItsRow() throws Exception {
    try (Follower follower = database.follower("public.t")) {
      follower.run();
      database.execute(
          "BEGIN; "
              + insert(1, LARGE)
              + "; ALTER TABLE t ADD n numeric(7,1); INSERT INTO t SELECT i, 'new', i FROM generate_series(10001, 10000 + "
              + LARGE
              + ") i; COMMIT",
          "INSERT INTO t VALUES (50000, 'later', 1)");
      follower.run();
      database.awaitStreamed(1);
      assertThat(follower.failures).isEmpty();
      assertThat(follower.changes).hasSize(2 * LARGE + 1);
      assertThat(follower.changes.get(LARGE)).endsWith("id=10001 filler=new n=10001.0");
      assertThat(follower.changes.getLast()).endsWith("id=50000 filler=later n=1.0");
    }
  }

  @Test
  void aTableThatIsAlteredInATransactionThatIsRolledBackIsAsItWas() throws Exception {
    try (Follower follower = database.follower("public.t")) {
      follower.run();
      database.execute(
          "BEGIN; "
              + insert(1, 10)
              + "; SAVEPOINT a; ALTER TABLE t DROP filler, ADD n int; INSERT INTO t SELECT i, i FROM generate_series(10001, 10000 + "
              + 5 * LARGE
              + ") i; ROLLBACK TO a; "
              + insert(100, LARGE)
              + "; COMMIT",
          "BEGIN; ALTER TABLE t DROP filler, ADD n int; INSERT INTO t SELECT i, i FROM generate_series(10001, 10000 + "
              + 5 * LARGE
              + ") i; ROLLBACK",
          insert(50, 1));
      follower.run();
      assertThat(follower.changes).hasSize(11 + LARGE);
      verify(follower);
    }
  }

  @Test
  void aReadThatEndsInTheMidstBeginsTheTransactionAnew() throws Exception {
    try (Follower follower = database.follower("public.t")) {
      follower.run();
      Statement open = session();
      open.execute("BEGIN");
      open.execute(insert(1, 10 * LARGE));
      try (BatchReader reader = follower.begin(Extent.CONTINUOUS)) {
        open.execute(insert(50_000, LARGE));
        database.execute(insert(45_000, 1));
        follower.await(reader, 1);
        database.awaitStreamed(1);
      }
      follower.forget();
      open.execute("COMMIT");
      // Then in the midst of what was put by.
      try (BatchReader reader = follower.begin(Extent.CONTINUOUS)) {
        int rows = 0;
        while (rows == 0) {
          rows = reader.poll(java.time.Duration.ofSeconds(1)).map(batch -> batch.rows()).orElse(0);
        }
        assertThat(rows).isLessThan(11 * LARGE);
        assertThat(reader.positions()).as("within a transaction").isEmpty();
      }
      follower.run();
      assertThat(follower.changes).hasSize(11 * LARGE + 1);
      verify(follower);
    }
  }

  @Test
  void aTruncateAndLargeValuesComeWithinToo() throws Exception {
    try (Follower follower = database.follower("public.t")) {
      follower.run();
      database.execute(
          insert(1, 10),
          "BEGIN; "
              + insert(100, LARGE)
              + "; TRUNCATE t; INSERT INTO t SELECT i, (SELECT string_agg(md5((i * k)::text), '') FROM generate_series(1, 20000) k) FROM generate_series(1, 5) i; "
              + insert(100, LARGE)
              + "; COMMIT");
      follower.run();
      database.awaitStreamed(1);
      assertThat(follower.changes).contains("TRUNCATE t");
      verify(follower);
    }
  }

  // The server loses the table's file at the second TRUNCATE, if it decodes what is still open.
  @Test
  void whatTheServerCannotDecodeBeforeTheCommitComesAfterIt() throws Exception {
    try (Follower follower = database.follower("public.t")) {
      follower.run();
      database.execute(
          insert(1, 1),
          "BEGIN; "
              + insert(10, LARGE)
              + "; SAVEPOINT a; TRUNCATE t; "
              + insert(10, LARGE)
              + "; ROLLBACK TO a; "
              + insert(10_000, 2 * LARGE)
              + "; TRUNCATE t; "
              + insert(10, LARGE)
              + "; COMMIT",
          insert(1, 1));
      Split split = follower.planned(Extent.UNTIL_NOW);
      try (BatchReader reader = follower.pipeline.source.open(split)) {
        assertThatThrownBy(() -> follower.await(reader, 10 * LARGE))
            .isInstanceOf(TransientException.class)
            .hasMessageStartingWith("slot '")
            .hasMessageContaining("could not map file")
            .hasMessageEndingWith("transactions are asked for once they are committed");
      }
      follower.forget();
      try (BatchReader reader =
          follower.pipeline.source.open(split.from(Map.copyOf(follower.state)))) {
        follower.await(reader, 1 + 3 * LARGE + 1 + LARGE + 1);
      }
      verify(follower);
    }
  }

  @Test
  void aFolderThatCannotBeWrittenToIsNamed() throws Exception {
    Path file = Files.createFile(spool.resolve("file"));
    Map<String, Object> settings = database.with(Map.of("spool", file.toString()));
    try (Follower follower = new Follower(settings, "public.t")) {
      follower.run();
      database.execute(insert(1, LARGE));
      assertThatThrownBy(follower::run)
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("source.spool");
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(spool)) {
      return files.toList();
    }
  }
}
