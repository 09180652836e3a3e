package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Tables that a pipeline does not expect go to every database, and are followed there while they
/// change: without key or rows, of 200 columns, with names that are words of SQL or as long as
/// PostgreSQL has them, of types that people have made, dropped and made anew.
class JdbcOddTablesIT extends EveryJdbcDestination {
  private static final String LONG = "n".repeat(63);

  @Override
  void verify(JdbcDestination destination) throws Exception {
    String database = "odd_" + destination.kind();
    server.execute("CREATE DATABASE " + database);
    // MySQL's rows have no room for more of LONGTEXT.
    int width = destination.kind().equals("mysql") ? 190 : 200;
    String last = "c" + (width - 1);
    String columns =
        IntStream.range(0, width)
            .mapToObj(i -> "c" + i + " text")
            .collect(Collectors.joining(", "));
    server.executeIn(
        database,
        "CREATE TABLE wide (id int PRIMARY KEY, " + columns + ")",
        "INSERT INTO wide (id, c0, " + last + ") VALUES (1, 'first', 'last')",
        "CREATE TABLE empty (id int PRIMARY KEY, note text)",
        "CREATE TABLE keyless (note text)",
        "INSERT INTO keyless VALUES ('same'), ('same')",
        "CREATE TABLE \"order\" (\"select\" int, \"group\" text, \"table\" text, PRIMARY KEY (\"select\", \"group\"))",
        "INSERT INTO \"order\" VALUES (1, 'from', 'where')",
        "CREATE TABLE %1$s (%1$s int PRIMARY KEY)".formatted(LONG),
        "INSERT INTO " + LONG + " VALUES (1)",
        "CREATE TYPE mood AS ENUM ('sad', 'happy')",
        "CREATE DOMAIN positive AS int CHECK (VALUE > 0)",
        "CREATE TYPE place AS (x int, name text)",
        "CREATE TABLE made (feeling mood PRIMARY KEY, n positive, at place, span int4range, list int[], words text[])",
        "INSERT INTO made VALUES ('sad', 4, '(1,\"a b\")', '[1,5)', '{1,NULL}', '{a,\"b,c\"}')",
        "CREATE TABLE again (id int PRIMARY KEY, note text)",
        "INSERT INTO again VALUES (1, 'old')");
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        source: {type: postgres, url: "%s"}
        method: LOG_BASED
        streams:
          - {table: public.*}
          - {table: "public.%s", as: "%s"}
        sink: %s
        """
            .formatted(server.url(database), LONG, LONG, destination.sink()));
    run(destination);
    assertThat(destination.rows("public__made", "feeling", "n", "at", "span", "list", "words"))
        .containsExactly("sad|4|(1,\"a b\")|[1,5)|{1,NULL}|{a,\"b,c\"}");

    server.executeIn(
        database,
        "UPDATE wide SET c100 = 'middle'",
        "INSERT INTO empty VALUES (1, 'no more')",
        "INSERT INTO keyless VALUES ('same')",
        "UPDATE \"order\" SET \"group\" = 'by'",
        "UPDATE %1$s SET %1$s = 2".formatted(LONG),
        "UPDATE made SET feeling = 'happy', list = '{{1},{2}}'",
        "DROP TABLE again",
        "CREATE TABLE again (id text PRIMARY KEY, other int)",
        "INSERT INTO again VALUES ('1', 5)",
        "ALTER TABLE empty ADD COLUMN added numeric(6,2) DEFAULT 1.5",
        "INSERT INTO empty VALUES (2, 'yes', 2.25)");
    run(destination);
    run(destination);
    assertThat(destination.rows("public__wide", "id", "c0", "c100", "c150", last))
        .containsExactly("1|first|middle|null|last");
    assertThat(destination.rows("public__empty", "id", "note", "added"))
        .contains("2|yes|2.25")
        .hasSize(2);
    assertThat(destination.rows("public__keyless", "note")).containsOnly("same").hasSize(3);
    assertThat(destination.rows("public__order", "select", "group", "table"))
        .containsExactly("1|by|where");
    assertThat(destination.rows(LONG, LONG)).containsExactly("2");
    assertThat(destination.rows("public__made", "feeling", "n", "list"))
        .containsExactly("happy|4|{{1},{2}}");
    assertThat(destination.rows("public__again", "id", "other")).containsExactly("1|5");
    // The index of a key keeps its first name where PostgreSQL would cut the next one.
    assertThat(destination.leftovers()).allMatch(name -> name.endsWith("_pkey"));
  }

  private void run(JdbcDestination destination) throws Exception {
    Distribution.Result result = destination.run(folder, "run", "pipeline.yaml");
    assertThat(result.code()).as("%s", result).isZero();
  }
}
