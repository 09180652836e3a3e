package dev.tapline.source.postgres.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.source.postgres.fixtures.Pipeline;
import dev.tapline.source.postgres.incremental.KeyFollower;
import dev.tapline.source.postgres.testing.SharedServer;
import dev.tapline.source.postgres.testing.TestServer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What users have defined runs under the role's own search path; what is ours does not.
class SearchPathTest {
  private final TestServer server = SharedServer.get();
  private String database;

  @BeforeEach
  void createDatabase() {
    database = SharedServer.database();
    server.executeIn(
        database,
        "CREATE SCHEMA app",
        "CREATE TABLE app.rate (factor int)",
        "INSERT INTO app.rate VALUES (3)",
        "CREATE TABLE app.item (id int PRIMARY KEY, name text)",
        "INSERT INTO app.item VALUES (1, 'a'), (2, 'b')",
        "CREATE FUNCTION app.rated(n int) RETURNS int LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN n * (SELECT factor FROM rate); END $$",
        "CREATE VIEW app.rated_item AS SELECT id, name, app.rated(id) AS rated FROM app.item");
  }

  private List<String> rated() throws Exception {
    List<String> values = new ArrayList<>();
    try (Pipeline pipeline = Pipeline.at(server.url(database))) {
      pipeline.scan(
          "app.rated_item",
          batch -> {
            for (int row = 0; row < batch.rows(); row++) {
              values.add(batch.row(row).string("name") + " " + batch.row(row).integer("rated"));
            }
          });
    }
    return values;
  }

  @Test
  void aViewsFunctionFindsWhatTheRoleFinds() throws Exception {
    server.execute("ALTER DATABASE " + database + " SET search_path = app, public");
    assertThat(rated()).containsExactlyInAnyOrder("a 3", "b 6");
    try (KeyFollower follower =
        new KeyFollower(server.url(database), "app.rated_item", "", "rated")) {
      follower.copy();
      server.executeIn(database, "INSERT INTO app.item VALUES (5, 'c')");
      assertThat(follower.next()).containsExactly("c");
    }
  }

  @Test
  void theCauseIsNamedWhereTheRoleDoesNotFindItEither() {
    assertThatThrownBy(this::rated)
        .hasMessageContaining("view app.rated_item")
        .hasMessageContaining("function")
        .hasMessageContaining("rated")
        .hasMessageContaining("search_path")
        .hasMessageNotContaining("run again");
  }

  @Test
  void nobodysOperatorsStandInForOurs() throws Exception {
    server.executeIn(
        database,
        "CREATE SCHEMA evil",
        "CREATE FUNCTION evil.no(oid, oid) RETURNS bool LANGUAGE sql AS 'SELECT false'",
        "CREATE OPERATOR evil.= (FUNCTION = evil.no, LEFTARG = oid, RIGHTARG = oid)",
        "CREATE FUNCTION evil.no(bigint, bigint) RETURNS bool LANGUAGE sql AS 'SELECT false'",
        "CREATE OPERATOR evil.= (FUNCTION = evil.no, LEFTARG = bigint, RIGHTARG = bigint)",
        "CREATE FUNCTION evil.count() RETURNS bigint LANGUAGE sql AS 'SELECT 77::bigint'",
        "ALTER DATABASE " + database + " SET search_path = evil, app, pg_catalog");
    assertThat(rated()).containsExactlyInAnyOrder("a 3", "b 6");
  }
}
