package dev.tapline.source.postgres.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.fixtures.Pipeline;
import dev.tapline.source.postgres.testing.SharedServer;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Finding.Severity;
import dev.tapline.spi.catalog.Stream;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the check says of a user's privileges, and that its remedies are what is needed: each is
/// run as it stands, and then all is well.
class PrivilegesTest {
  private final TestServer server = SharedServer.get();
  private String database = "";
  private String reader = "";
  private String owner = "";

  @BeforeEach
  void schema() {
    database = SharedServer.database();
    reader = "Reader of " + database;
    owner = "owner_of_" + database;
    server.execute(
        "CREATE ROLE \"" + reader + "\" LOGIN",
        "CREATE ROLE " + owner,
        "REVOKE CONNECT ON DATABASE " + database + " FROM PUBLIC");
    server.executeIn(
        database,
        "CREATE SCHEMA \"Sa les\" AUTHORIZATION " + owner,
        "SET ROLE " + owner,
        "CREATE TABLE \"Sa les\".orders (id int PRIMARY KEY, total int)");
  }

  private Pipeline as(String user) {
    return Pipeline.at(
        "postgresql://%s@127.0.0.1:%d/%s"
            .formatted(user.replace(" ", "%20"), server.port(), database));
  }

  private List<Finding> check(Stream stream) throws IOException {
    try (Pipeline pipeline = as(reader)) {
      return pipeline.source.check(List.of(stream));
    }
  }

  private static List<String> remedies(List<Finding> findings, Severity severity) {
    return findings.stream()
        .filter(finding -> finding.severity() == severity)
        .map(Finding::remedy)
        .collect(Collectors.toList());
  }

  @Test
  void eachRemedyLeadsToTheNextUntilAllIsWell() throws Exception {
    Stream orders;
    try (Pipeline superuser = as("postgres")) {
      orders = superuser.stream("Sa les.orders");
    }
    List<String> expected =
        List.of(
            "GRANT CONNECT ON DATABASE \"%s\" TO \"%s\";".formatted(database, reader),
            "GRANT USAGE ON SCHEMA \"Sa les\" TO \"%s\";".formatted(reader),
            "GRANT SELECT (\"id\", \"total\") ON \"Sa les\".\"orders\" TO \"%s\";"
                .formatted(reader));
    for (String remedy : expected) {
      assertThat(remedies(check(orders), Severity.ERROR)).containsExactly(remedy);
      server.executeIn(database, remedy);
    }
    String forTheFuture =
        "ALTER DEFAULT PRIVILEGES FOR ROLE \"%s\" IN SCHEMA \"Sa les\" GRANT SELECT ON TABLES TO \"%s\";"
            .formatted(owner, reader);
    assertThat(remedies(check(orders), Severity.ERROR)).isEmpty();
    assertThat(remedies(check(orders), Severity.WARNING)).containsExactly(forTheFuture);

    server.executeIn(database, forTheFuture);
    assertThat(check(orders)).allMatch(finding -> finding.severity() == Severity.OK);
    server.executeIn(
        database, "SET ROLE " + owner, "CREATE TABLE \"Sa les\".later AS SELECT 1 AS id");
    try (Pipeline pipeline = as(reader)) {
      assertThat(pipeline.count("Sa les.later")).isEqualTo(1);
    }
  }

  @Test
  void aDatabaseThatLetsNobodyInIsCalledByItsKind() throws Exception {
    try (Pipeline pipeline = as(reader)) {
      assertThat(pipeline.source.check(List.of()))
          .singleElement()
          .isEqualTo(
              Finding.error(
                  "database",
                  "user '%s' may not connect to database '%s'".formatted(reader, database),
                  "GRANT CONNECT ON DATABASE \"%s\" TO \"%s\";".formatted(database, reader)));
    }
  }

  @Test
  void theConnectionSaysHowItIsProtected() throws Exception {
    try (Pipeline pipeline = as("postgres")) {
      assertThat(pipeline.source.check(List.of()))
          .first()
          .extracting(Finding::message)
          .asString()
          .endsWith("answers as user 'postgres', not encrypted");
    }
  }
}
