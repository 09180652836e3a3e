package dev.tapline.source.postgres.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.source.postgres.fixtures.Pipeline;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.spi.TransientException;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.config.Secret;
import dev.tapline.spi.source.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Passwords that are others than at the start.
class PasswordRenewalTest {
  private static TestServer server;

  @TempDir Path folder;

  @BeforeAll
  static void start() throws IOException {
    server = TestServer.start();
    server.execute("CREATE TABLE t (id int)", "CREATE ROLE ann LOGIN", "GRANT SELECT ON t TO ann");
    Path rules = server.data().resolve("pg_hba.conf");
    Files.writeString(rules, "host all ann all scram-sha-256\n" + Files.readString(rules));
    server.reload();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void firstPassword() {
    renewOnServer("first");
  }

  private static void renewOnServer(String password) {
    server.execute("ALTER ROLE ann PASSWORD '" + password + "'");
  }

  private static String url(String more) {
    return "postgresql://ann@127.0.0.1:%d/postgres%s".formatted(server.port(), more);
  }

  private Path passFile(String password) throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("pgpass"), "*:*:*:ann:" + password + System.lineSeparator());
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private interface Renewal {
    void renew() throws Exception;
  }

  // While the snapshot keeps the first connection, a scan needs another one.
  private static void outlives(Pipeline pipeline, Renewal renewal) throws Exception {
    Stream stream = pipeline.stream("public.t");
    try (Snapshot snapshot = pipeline.source.openSnapshot(List.of(stream))) {
      renewal.renew();
      pipeline.read(pipeline.source.split(stream, snapshot, 1).getFirst(), batch -> {});
    }
  }

  @Test
  void aFileOfPasswordsIsReadForEachConnection() throws Exception {
    try (Pipeline pipeline = Pipeline.at(url("?passfile=" + passFile("first")))) {
      outlives(
          pipeline,
          () -> {
            renewOnServer("second");
            passFile("second");
          });
    }
  }

  @Test
  void aSecretIsAskedForForEachConnection() throws Exception {
    AtomicReference<String> known = new AtomicReference<>("first");
    try (Pipeline pipeline =
        new Pipeline(
            Map.of(
                "host", "127.0.0.1",
                "port", server.port(),
                "user", "ann",
                "database", "postgres",
                "password", Secret.from(known::get)))) {
      outlives(
          pipeline,
          () -> {
            renewOnServer("second");
            known.set("second");
          });
    }
  }

  @Test
  void aUrlWithAPasswordIsReadForEachConnection() throws Exception {
    AtomicReference<String> known = new AtomicReference<>("first");
    try (Pipeline pipeline =
        new Pipeline(
            Map.of(
                "url", Secret.from(() -> url("").replace("ann@", "ann:" + known.get() + "@"))))) {
      outlives(
          pipeline,
          () -> {
            renewOnServer("sec%ond");
            known.set("sec%25ond");
          });
    }
  }

  @Test
  void aRefusalMayPassOnlyWhereThePasswordWorkedBefore() throws Exception {
    try (Pipeline pipeline = Pipeline.at(url("?passfile=" + passFile("wrong")))) {
      assertThatThrownBy(pipeline::discover)
          .isNotInstanceOf(TransientException.class)
          .hasMessageContaining("refuses the password");
    }
    try (Pipeline pipeline = Pipeline.at(url("?passfile=" + passFile("first")))) {
      assertThatThrownBy(() -> outlives(pipeline, () -> renewOnServer("second")))
          .isInstanceOf(TransientException.class)
          .hasMessageContaining("refuses the password");
    }
  }

  @Test
  void aSecretThatCannotBeHadIsSaid() throws Exception {
    try (Pipeline pipeline =
        new Pipeline(
            Map.of(
                "host", "127.0.0.1",
                "port", server.port(),
                "user", "ann",
                "database", "postgres",
                "password",
                    Secret.from(() -> {
                      throw new IOException("the vault is closed");
                    })))) {
      assertThatThrownBy(pipeline::discover)
          .hasMessageContaining("the password of user 'ann'")
          .hasMessageContaining("the vault is closed");
      assertThat(pipeline.source.check(List.of()))
          .anyMatch(finding -> finding.message().contains("the vault is closed"));
    }
  }
}
