package dev.tapline.source.postgres.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.fixtures.Follower;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.ChangeLog.Extent;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// What every decoder must bring of every version.
public abstract class AbstractLogChanges extends AbstractLogFacts {
  private static final int WITH_PARTITIONS = 100_000;
  private static final int WITH_TRUNCATE = 110_000;

  /// Whether the decoder tells of TRUNCATE.
  boolean tellsTruncate() {
    return version() >= WITH_TRUNCATE;
  }

  private List<String> table(String name, String columns) {
    return database
        .values("SELECT concat_ws('|', %s) FROM %s ORDER BY 1".formatted(columns, name))
        .stream()
        .sorted()
        .toList();
  }

  @Test
  void insertsUpdatesDeletesAndChangedKeys() throws Exception {
    given(
        "CREATE TABLE orders (id int PRIMARY KEY, total numeric(10,2), note text)",
        "INSERT INTO orders VALUES (1, 1.50, 'one'), (2, 2, NULL)");
    try (Follower follower = database.follower("public.orders")) {
      follower.run();
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
    }
  }

  @Test
  void aTransactionWithRolledBackSavepointsBringsWhatItHasKept() throws Exception {
    given("CREATE TABLE t (id int PRIMARY KEY)");
    try (Follower follower = database.follower("public.t")) {
      follower.run();
      given(
          "BEGIN; INSERT INTO t VALUES (1); SAVEPOINT a; INSERT INTO t VALUES (2);"
              + " ROLLBACK TO a; INSERT INTO t VALUES (3); RELEASE a; COMMIT",
          "BEGIN; INSERT INTO t VALUES (4); ROLLBACK");
      follower.run();
      assertThat(follower.changes).containsExactly("INSERT t id=1", "INSERT t id=3");
    }
  }

  @Test
  void aToastedValueThatDidNotChangeIsUnchangedAndNotNull() throws Exception {
    given(
        "CREATE TABLE docs (id int PRIMARY KEY, n int, body text, tags text[], doc jsonb)",
        "ALTER TABLE docs ALTER body SET STORAGE EXTERNAL",
        "ALTER TABLE docs ALTER tags SET STORAGE EXTERNAL",
        "ALTER TABLE docs ALTER doc SET STORAGE EXTERNAL");
    try (Follower follower = database.follower("public.docs")) {
      follower.run();
      given(
          "INSERT INTO docs VALUES (1, 1, repeat('x', 5000), ARRAY[repeat('y', 5000)], to_jsonb(repeat('z', 5000)))",
          "UPDATE docs SET n = 2",
          "UPDATE docs SET n = 3, body = NULL");
      follower.run();
      assertThat(follower.changes.get(1))
          .isEqualTo("UPDATE docs id=1 n=2 body=<same> tags=<same> doc=<same>");
      assertThat(follower.changes.get(2))
          .isEqualTo("UPDATE docs id=1 n=3 body=null tags=<same> doc=<same>");
      assertThat(follower.copy("public.docs").rows.get("[1]").get("tags")).hasSize(5004);
    }
  }

  // `ip` has pgoutput send text, and without it binary where the server can.
  private void forEachForm(String name, ThrowingCase test) throws Exception {
    for (String form : List.of("", ", ip inet DEFAULT '::1'")) {
      test.with(name + (form.isEmpty() ? "" : "_as_text"), form);
    }
  }

  private interface ThrowingCase {
    void with(String table, String more) throws Exception;
  }

  private static String large(String of) {
    return "(SELECT string_agg(md5(g || '-' || %s), '' ORDER BY g) FROM generate_series(1, 78) g)"
        .formatted(of);
  }

  // The copy without metadata, as the table is.
  private void assertCopied(Follower follower, String name, String columns) {
    assertThat(follower.failures).isEmpty();
    assertThat(follower.copy("public." + name).lines())
        .isEqualTo(table(name, name.endsWith("_as_text") ? columns + ", ip" : columns));
  }

  @Test
  void aKeyThatIsStoredOutOfLineComesWithEachChange() throws Exception {
    forEachForm(
        "doc",
        (name, more) -> {
          given(
              "CREATE TABLE %s (id text PRIMARY KEY, n int, body text%s)".formatted(name, more),
              "ALTER TABLE %s ALTER id SET STORAGE EXTERNAL".formatted(name),
              "ALTER TABLE %s ALTER body SET STORAGE EXTERNAL".formatted(name),
              "INSERT INTO %s (id, n, body) SELECT %s, i, %s FROM generate_series(1, 4) i"
                  .formatted(name, large("i"), large("i + 100")));
          try (Follower follower = database.follower("public." + name)) {
            follower.run();
            given(
                "UPDATE %s SET n = n + 10".formatted(name),
                "DELETE FROM %s WHERE n = 12".formatted(name),
                "UPDATE %s SET id = %s, body = 'short' WHERE n = 13".formatted(name, large("13")),
                "UPDATE %s SET id = id || '', n = 24 WHERE n = 14".formatted(name));
            follower.run();
            assertCopied(follower, name, "id, n, body");
            assertThat(follower.changes)
                .hasSize(8)
                .noneMatch(line -> line.contains(" id=<same>") || line.contains(" id=null"));
          }
        });
  }

  @Test
  void theOtherPartOfAChangedKeyComesWithTheNewRowToo() throws Exception {
    forEachForm(
        "doc",
        (name, more) -> {
          given(
              "CREATE TABLE %s (part int, name text, n int, PRIMARY KEY (part, name)%s)"
                  .formatted(name, more),
              "ALTER TABLE %s ALTER name SET STORAGE EXTERNAL".formatted(name),
              "INSERT INTO %s (part, name, n) SELECT i, %s, i FROM generate_series(1, 4) i"
                  .formatted(name, large("i")));
          try (Follower follower = database.follower("public." + name)) {
            follower.run();
            given(
                "UPDATE %s SET part = part + 10 WHERE n = 1".formatted(name),
                "UPDATE %s SET n = n + 20 WHERE n = 2".formatted(name),
                "UPDATE %s SET name = 'short' WHERE n = 3".formatted(name),
                "DELETE FROM %s WHERE n = 4".formatted(name));
            follower.run();
            assertCopied(follower, name, "part, name, n");
            assertThat(follower.changes)
                .extracting(line -> line.substring(0, 6))
                .containsExactly("DELETE", "INSERT", "UPDATE", "DELETE", "INSERT", "DELETE");
          }
        });
  }

  @Test
  void anIndexOrTheWholeRowAsIdentityBringsItsLargeValuesToo() throws Exception {
    forEachForm(
        "by_index",
        (name, more) -> {
          given(
              "CREATE TABLE %s (name text NOT NULL, part int NOT NULL, n int%s)"
                  .formatted(name, more),
              "ALTER TABLE %s ALTER name SET STORAGE EXTERNAL".formatted(name),
              "CREATE UNIQUE INDEX %1$s_key ON %1$s (part, name)".formatted(name),
              "ALTER TABLE %1$s REPLICA IDENTITY USING INDEX %1$s_key".formatted(name),
              "INSERT INTO %s (part, name, n) SELECT i, %s, i FROM generate_series(1, 3) i"
                  .formatted(name, large("i")));
          changedWithItsLargeKey(name);
        });
    forEachForm(
        "whole",
        (name, more) -> {
          given(
              "CREATE TABLE %s (name text, part int, n int, PRIMARY KEY (name, part)%s)"
                  .formatted(name, more),
              "ALTER TABLE %s ALTER name SET STORAGE EXTERNAL".formatted(name),
              "ALTER TABLE %s REPLICA IDENTITY FULL".formatted(name),
              "INSERT INTO %s (part, name, n) SELECT i, %s, i FROM generate_series(1, 3) i"
                  .formatted(name, large("i")));
          changedWithItsLargeKey(name);
        });
  }

  private void changedWithItsLargeKey(String name) throws Exception {
    try (Follower follower = database.follower("public." + name)) {
      follower.run();
      given(
          "UPDATE %s SET n = n + 10".formatted(name),
          "UPDATE %s SET part = part + 10 WHERE n = 11".formatted(name),
          "DELETE FROM %s WHERE n = 12".formatted(name));
      follower.run();
      assertCopied(follower, name, "name, part, n");
    }
  }

  @Test
  void wholeOldRowsFillInWhatDidNotChange() throws Exception {
    given(
        "CREATE TABLE docs (id int PRIMARY KEY, n int, body text)",
        "ALTER TABLE docs ALTER body SET STORAGE EXTERNAL",
        "ALTER TABLE docs REPLICA IDENTITY FULL");
    try (Follower follower = database.follower("public.docs")) {
      follower.run();
      given(
          "INSERT INTO docs VALUES (1, 1, repeat('x', 5000))",
          "UPDATE docs SET n = 2",
          "UPDATE docs SET id = 2",
          "DELETE FROM docs");
      follower.run();
      String body = "x".repeat(5000);
      assertThat(follower.changes)
          .containsExactly(
              "INSERT docs id=1 n=1 body=" + body,
              "UPDATE docs id=1 n=2 body=" + body,
              "DELETE docs id=1 n=2 body=" + body,
              "INSERT docs id=2 n=2 body=" + body,
              "DELETE docs id=2 n=2 body=" + body);
    }
  }

  @Test
  void aTableWithoutAKeyIsFollowedRowByRowWhenItsIdentityIsFull() throws Exception {
    given(
        "CREATE TABLE bag (a int, b text)",
        "ALTER TABLE bag REPLICA IDENTITY FULL",
        "INSERT INTO bag VALUES (1, 'x'), (1, 'x'), (2, NULL)");
    try (Follower follower = database.follower("public.bag")) {
      follower.run();
      given(
          "UPDATE bag SET b = 'y' WHERE a = 2",
          "DELETE FROM bag WHERE ctid = (SELECT min(ctid) FROM bag WHERE a = 1)",
          "INSERT INTO bag VALUES (3, 'z')");
      follower.run();
      assertThat(follower.copy("public.bag").lines()).containsExactly("1|x", "2|y", "3|z");
    }
  }

  @Test
  void aTableWithoutIdentityCanStillBeChangedByItsApplication() throws Exception {
    given("CREATE TABLE bag (a int)", "INSERT INTO bag VALUES (1)");
    try (Follower follower = database.follower("public.bag")) {
      follower.run();
      given("INSERT INTO bag VALUES (2)", "UPDATE bag SET a = 3", "DELETE FROM bag");
      follower.run();
      assertThat(follower.changes).containsExactly("INSERT bag a=2");
    }
  }

  @Test
  void anIndexAsIdentityIsTheKeyOfATableWithoutOne() throws Exception {
    given(
        "CREATE TABLE t (a int NOT NULL, b text)",
        "CREATE UNIQUE INDEX by_a ON t (a)",
        "ALTER TABLE t REPLICA IDENTITY USING INDEX by_a",
        "INSERT INTO t VALUES (1, 'x'), (2, 'y')");
    try (Follower follower = database.follower("public.t")) {
      follower.run();
      given(
          "UPDATE t SET b = 'z' WHERE a = 1",
          "UPDATE t SET a = 5 WHERE a = 2",
          "DELETE FROM t WHERE a = 1");
      follower.run();
      assertThat(follower.copy("public.t").lines()).containsExactly("5|y");
    }
  }

  @Test
  void anIdentityThatDoesNotHoldTheKeyStopsTheStreamAndNotTheOthers() throws Exception {
    given(
        "CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL)",
        "CREATE UNIQUE INDEX by_a ON t (a)",
        "ALTER TABLE t REPLICA IDENTITY USING INDEX by_a",
        "CREATE TABLE u (id int PRIMARY KEY)");
    try (Follower follower = database.follower("public.t", "public.u")) {
      follower.run();
      given(
          "BEGIN; INSERT INTO t VALUES (1, 1); INSERT INTO u VALUES (1); COMMIT",
          "BEGIN; DELETE FROM t; INSERT INTO u VALUES (2); COMMIT",
          "INSERT INTO u VALUES (3)");
      follower.run();
      assertThat(follower.failures.values())
          .singleElement()
          .asString()
          .contains("public.t", "REPLICA IDENTITY FULL");
      assertThat(follower.copy("public.u").lines()).containsExactly("1", "2", "3");
    }
  }

  @Test
  void truncateEmptiesEachTableInItsPlace() throws Exception {
    Assumptions.assumeTrue(tellsTruncate());
    given("CREATE TABLE a (id int PRIMARY KEY)", "CREATE TABLE b (id int PRIMARY KEY)");
    try (Follower follower = database.follower("public.a", "public.b")) {
      follower.run();
      given(
          "INSERT INTO b VALUES (7)",
          "BEGIN; INSERT INTO a VALUES (1); TRUNCATE a, b; INSERT INTO a VALUES (2); COMMIT");
      follower.run();
      assertThat(follower.copy("public.a").lines()).containsExactly("2");
      assertThat(follower.copy("public.b").lines()).isEmpty();
      assertThat(follower.changes).contains("TRUNCATE a", "TRUNCATE b");
    }
  }

  @Test
  void partitionsArriveAsTheirRoot() throws Exception {
    Assumptions.assumeTrue(version() >= WITH_PARTITIONS);
    given(
        "CREATE TABLE parts (id int, kind int, note text) PARTITION BY LIST (kind)",
        "CREATE TABLE parts_1 PARTITION OF parts (PRIMARY KEY (id)) FOR VALUES IN (1)",
        "CREATE TABLE parts_2 (note text, gone int, kind int, id int PRIMARY KEY)",
        "ALTER TABLE parts_2 DROP COLUMN gone",
        "ALTER TABLE parts ATTACH PARTITION parts_2 FOR VALUES IN (2)",
        "ALTER TABLE parts_1 REPLICA IDENTITY FULL",
        "ALTER TABLE parts_2 REPLICA IDENTITY FULL",
        "INSERT INTO parts VALUES (1, 1, 'one')");
    try (Follower follower = database.follower("public.parts")) {
      follower.run();
      given(
          "INSERT INTO parts VALUES (2, 2, 'two'), (3, 1, 'three')",
          "UPDATE parts SET note = 'TWO' WHERE id = 2",
          "DELETE FROM parts WHERE id = 1");
      follower.run();
      assertThat(follower.copy("public.parts").lines()).containsExactly("2|2|TWO", "3|1|three");
    }
  }

  @Test
  void whatInheritsBelongsToItsParentAndToItself() throws Exception {
    given(
        "CREATE TABLE parent (id int PRIMARY KEY, a text)",
        "CREATE TABLE child (b text, PRIMARY KEY (id)) INHERITS (parent)",
        "INSERT INTO child VALUES (1, 'a', 'b')");
    try (Follower follower = database.follower("public.parent", "public.child")) {
      follower.run();
      given("INSERT INTO child VALUES (2, 'c', 'd')", "INSERT INTO parent VALUES (3, 'e')");
      follower.run();
      assertThat(follower.copy("public.parent").lines()).containsExactly("1|a", "2|c", "3|e");
      assertThat(follower.copy("public.child").lines()).containsExactly("1|a|b", "2|c|d");
    }
  }

  @Test
  void namesMayHoldAnything() throws Exception {
    given(
        "CREATE SCHEMA \"My.Schema\"",
        "CREATE TABLE \"My.Schema\".\"a \"\"b\"\", *'ü\" (\"I D\" int PRIMARY KEY, \"x\"\"y'\\z\" text)");
    try (Follower follower = database.follower("My.Schema.a \"b\", *'ü")) {
      follower.run();
      given("INSERT INTO \"My.Schema\".\"a \"\"b\"\", *'ü\" VALUES (1, E'\\\\ \" \\n')");
      follower.run();
      assertThat(follower.changes).containsExactly("INSERT a \"b\", *'ü I D=1 x\"y'\\z=\\ \" \n");
    }
  }

  @Test
  void columnsThatComeAndGoChangeTheSchemaAtTheirRow() throws Exception {
    given("CREATE TABLE t (id int PRIMARY KEY, a int, old text)");
    try (Follower follower = database.follower("public.t")) {
      follower.run();
      given(
          "INSERT INTO t VALUES (1, 1, 'x')",
          "BEGIN; INSERT INTO t VALUES (2, 2, 'y'); ALTER TABLE t ADD fresh date; INSERT INTO t VALUES (3, 3, 'z', '2024-01-01'); COMMIT",
          "ALTER TABLE t DROP old",
          "INSERT INTO t VALUES (4, 4, '2024-01-02')",
          "ALTER TABLE t RENAME a TO b",
          "ALTER TABLE t ALTER b TYPE numeric(10,1)",
          "INSERT INTO t VALUES (5, 5.5, '2024-01-03')");
      follower.run();
      assertThat(follower.failures).isEmpty();
      if (!tellsTruncate()) {
        // A table that was rewritten looks like one that was truncated.
        assertThat(follower.renewals).singleElement().asString().contains("rewritten");
        assertThat(follower.copy("public.t").lines()).hasSize(5).contains("5|5.5|2024-01-03");
        return;
      }
      assertThat(follower.changes)
          .filteredOn(line -> line.contains("id=5"))
          .containsExactly("INSERT t id=5 b=5.5 fresh=2024-01-03");
      assertThat(follower.changes)
          .filteredOn(line -> line.contains("id=1") || line.contains("id=2"))
          .allMatch(line -> line.contains("old="), "the column that was dropped later");
      assertThat(follower.changes)
          .filteredOn(line -> line.contains("id=3"))
          .allMatch(line -> line.contains("fresh=2024-01-01") && line.contains("old=z"));
    }
  }

  @Test
  void aColumnAddedWhileFollowingArrivesWithItsFirstRow() throws Exception {
    given("CREATE TABLE t (id int PRIMARY KEY)");
    try (Follower follower = database.follower("public.t");
        BatchReader reader = follower.begin(Extent.CONTINUOUS)) {
      given("INSERT INTO t VALUES (1)");
      follower.await(reader, 1);
      given(
          "CREATE TYPE mood AS ENUM ('sad', 'happy')",
          "ALTER TABLE t ADD m mood, ADD n numeric(5,1)",
          "INSERT INTO t VALUES (2, 'happy', 2.5)");
      follower.await(reader, 2);
      assertThat(follower.changes).containsExactly("INSERT t id=1", "INSERT t id=2 m=happy n=2.5");
    }
  }

  @Test
  void aTransactionLargerThanARoundComesInPartsAndIsTakenOverInWhole() throws Exception {
    given("CREATE TABLE t (id int PRIMARY KEY, filler text)");
    try (Follower follower = database.follower("public.t")) {
      follower.run();
      given("INSERT INTO t SELECT i, repeat('x', 100) FROM generate_series(1, 60000) i");
      follower.run();
      assertThat(follower.copy("public.t").rows).hasSize(60_000);
      assertThat(follower.changes).hasSize(60_000);
    }
  }
}
