package dev.tapline.source.postgres.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.source.postgres.fixtures.Follower;
import dev.tapline.source.postgres.fixtures.LogDatabase;
import dev.tapline.spi.TransientException;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.ChangeLog.Extent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every decoder must make of databases that are not in UTF-8.
public abstract class AbstractLogEncodings {
  /// A database of the test's own, of an encoding.
  abstract LogDatabase database(String encoding) throws Exception;

  /// How often the log has to be asked for otherwise before it can be read.
  int attempts() {
    return 2;
  }

  public static String creating(String name, String encoding) {
    return "CREATE DATABASE %s ENCODING '%s' TEMPLATE template0 LOCALE 'C'"
        .formatted(name, encoding);
  }

  private void run(Follower follower) throws Exception {
    run(follower, attempts());
  }

  /// As an engine does: what may pass is tried again.
  public static void run(Follower follower, int attempts) throws Exception {
    for (int attempt = 1; true; attempt++) {
      try (BatchReader reader = follower.begin(Extent.UNTIL_NOW)) {
        follower.drain(reader);
        return;
      } catch (TransientException e) {
        assertThat(attempt).as("%s", e).isLessThan(attempts);
        assertThat(e).hasMessageContaining("LSN");
        follower.forget();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"LATIN1", "LATIN9", "WIN1252", "SQL_ASCII"})
  void lettersAndNamesOfAnyEncodingComeAsTheyAre(String encoding) throws Exception {
    LogDatabase database = database(encoding);
    database.execute(
        "CREATE TABLE \"müll\" (id int PRIMARY KEY, \"größe\" text, tags text[], j json)",
        "INSERT INTO \"müll\" VALUES (1, 'süß', '{ä}', '{\"ö\": 1}')",
        "CREATE TABLE \"dächer\" (id int PRIMARY KEY, n text) PARTITION BY RANGE (id)",
        "CREATE TABLE \"dächer_1\" PARTITION OF \"dächer\" FOR VALUES FROM (0) TO (100)");
    try (Follower follower = database.follower("public.müll", "public.dächer")) {
      run(follower);
      database.execute(
          "INSERT INTO \"müll\" VALUES (2, 'ÄÖÜ é \"x\"', '{é,\"à b\"}', '{\"ö\": \"ß\"}')",
          "UPDATE \"müll\" SET \"größe\" = 'größer' WHERE id = 1",
          "INSERT INTO \"dächer\" VALUES (1, 'ñ')");
      run(follower);
      assertThat(follower.failures).isEmpty();
      assertThat(follower.changes)
          .containsExactly(
              "INSERT müll id=2 größe=ÄÖÜ é \"x\" tags={\"é\",\"à b\"} j={\"ö\": \"ß\"}",
              "UPDATE müll id=1 größe=größer tags={\"ä\"} j={\"ö\": 1}",
              "INSERT dächer id=1 n=ñ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"SQL_ASCII xe9 ", "WIN1252 x81 "})
  void aByteThatIsNoCharacterStopsItsStreamAndNotTheOthers(String stray) throws Exception {
    LogDatabase database = database(stray.split(" ")[0]);
    String text = "E'caf\\%s x'".formatted(stray.split(" ")[1]);
    database.execute(
        "CREATE TABLE bad (id int PRIMARY KEY, note text)",
        "CREATE TABLE good (id int PRIMARY KEY, note text)");
    try (Follower follower = database.follower("public.bad", "public.good")) {
      run(follower);
      database.execute(
          "INSERT INTO good VALUES (1, 'süß')",
          "BEGIN; INSERT INTO bad VALUES (7, %s); INSERT INTO good VALUES (2, 'ä'); COMMIT"
              .formatted(text),
          "INSERT INTO good VALUES (3, 'ö')");
      run(follower);
      assertThat(follower.copy("public.good").lines()).containsExactly("1|süß", "2|ä", "3|ö");
      assertThat(follower.failures.values())
          .singleElement()
          .asString()
          .contains("public.bad", "'note'", "\"id\" = '7'", "LSN", "correct it");

      // What the message says to do.
      database.execute("UPDATE bad SET note = 'café' WHERE id = 7");
      follower.state.keySet().removeIf(name -> name.toString().equals("public.bad"));
      follower.failures.clear();
      follower.copies.keySet().removeIf(name -> name.toString().equals("public.bad"));
      run(follower);
      database.execute("INSERT INTO bad VALUES (8, 'ß')");
      run(follower);
      assertThat(follower.failures).isEmpty();
      assertThat(follower.copy("public.bad").lines()).containsExactly("7|café", "8|ß");
    }
  }

  /// Whether only the server can convert what is in an encoding of several bytes a character.
  boolean refusesWhatOnlyTheServerKnows() {
    return false;
  }

  @Test
  void whatOnlyTheServerCanConvertIsConvertedOrRefused() throws Exception {
    LogDatabase database = database("EUC_JP");
    database.execute("CREATE TABLE t (id int PRIMARY KEY, note text)");
    try (Follower follower = database.follower("public.t")) {
      if (refusesWhatOnlyTheServerKnows()) {
        assertThatThrownBy(() -> run(follower))
            .hasMessageContaining("EUC_JP")
            .hasMessageContaining("source.plugin to pgoutput");
        assertThat(
                database.values(
                    "SELECT slot_name FROM pg_replication_slots WHERE database = current_database()"))
            .isEmpty();
        return;
      }
      run(follower);
      database.execute("INSERT INTO t VALUES (1, '日本')");
      run(follower);
      assertThat(follower.changes).containsExactly("INSERT t id=1 note=日本");
    }
  }
}
