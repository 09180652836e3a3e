package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.Certificates;
import dev.tapline.source.postgres.testing.PostgresContainer;
import dev.tapline.source.postgres.testing.SshContainer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.utility.MountableFile;
import tools.jackson.databind.JsonNode;

/// The distribution as a user has it, through SSH with the keys of an agent, to a server that it
/// verifies by name; and the tunnel is cut in the middle.
class SshRunIT {
  @TempDir Path folder;

  @Test
  void aRunGoesOnWhenTheTunnelIsCut() throws Exception {
    Path key = folder.resolve("id");
    Path socket = folder.resolve("agent");
    String authorized = SshContainer.makeKey(key, "");
    Files.setPosixFilePermissions(
        key, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    Process agent =
        new ProcessBuilder("ssh-agent", "-D", "-a", socket.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (PostgresContainer database = new PostgresContainer()) {
      database.setExposedPorts(List.of());
      database.start();
      encrypt(database);
      psql(
          database,
          "CREATE TABLE fast AS SELECT 1 AS id",
          "CREATE TABLE orders AS SELECT i AS id, repeat('x', 500) AS filler FROM generate_series(1, 100000) i",
          "CREATE VIEW slow AS SELECT i AS id, pg_sleep(0.005)::text AS nap FROM generate_series(1, 600) i");
      try (SshContainer bastion =
          new SshContainer(
              List.of(authorized), Map.of("db.internal", SshContainer.addressOf(database)))) {
        bastion.start();
        addToAgent(key, socket);
        Files.writeString(folder.resolve("pipeline.yaml"), descriptor(bastion));
        Map<String, String> environment =
            Map.of("SSH_AUTH_SOCK", socket.toString(), "PGPASSWORD", PostgresContainer.PASSWORD);
        Process process =
            Distribution.start(
                Distribution.HOME, folder, environment, "--debug", "run", "pipeline.yaml");
        await("public.orders: done");

        bastion.cut();
        Distribution.Result result = Distribution.end(process, folder);

        assertThat(result.code()).as("%s", result).isZero();
        assertThat(result.err()).contains("the SSH connection was lost; making it anew");
        assertThat(result.err() + result.out())
            .doesNotContain("PRIVATE KEY")
            .doesNotContain(SshContainer.PASSWORD);
        assertThat(Output.rows(folder.resolve("out"), "public__orders")).hasSize(100_000);
        assertThat(Output.rows(folder.resolve("out"), "public__slow"))
            .extracting((JsonNode row) -> row.get("id").asInt())
            .doesNotHaveDuplicates()
            .hasSize(600);
      }
    } finally {
      agent.destroy();
      agent.waitFor(5, TimeUnit.SECONDS);
    }
  }

  private static String descriptor(SshContainer bastion) {
    return """
    source:
      type: postgres
      host: db.internal
      database: tapline
      user: postgres
      sslmode: verify-full
      sslrootcert: ca.crt
      ssh:
        host: 127.0.0.1
        port: %d
        user: ops
        agent: true
        known-hosts: known_hosts
        host-key: accept-new
    streams: [{table: public.*}, {view: public.slow}]
    sink: {type: jsonl, path: out}
    """
        .formatted(bastion.port());
  }

  private void encrypt(PostgresContainer database) throws Exception {
    new Certificates(folder)
        .authority("ca")
        .signed("db", "ca", "db", "DNS:db.internal", "-days", "30");
    for (String name : List.of("db.crt", "db.key")) {
      database.copyFileToContainer(
          MountableFile.forHostPath(folder.resolve(name)), "/var/lib/postgresql/" + name);
    }
    database.execInContainer(
        "sh",
        "-c",
        "cd /var/lib/postgresql && chown postgres: db.* && chmod 600 db.key && mv db.* tapline");
    psql(
        database,
        "ALTER SYSTEM SET ssl_cert_file = 'db.crt'",
        "ALTER SYSTEM SET ssl_key_file = 'db.key'",
        "ALTER SYSTEM SET ssl = on",
        "SELECT pg_reload_conf()");
  }

  private static void psql(PostgresContainer database, String... statements) throws Exception {
    for (String statement : statements) {
      assertThat(
              database
                  .execInContainer(
                      "psql", "-U", "postgres", "-d", PostgresContainer.DATABASE, "-c", statement)
                  .getExitCode())
          .as(statement)
          .isZero();
    }
  }

  private static void addToAgent(Path key, Path socket) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!Files.exists(socket)) {
      assertThat(System.nanoTime()).as("no agent").isLessThan(deadline);
      Thread.sleep(20);
    }
    ProcessBuilder add = new ProcessBuilder("ssh-add", "-q", key.toString());
    add.environment().put("SSH_AUTH_SOCK", socket.toString());
    assertThat(add.inheritIO().start().waitFor()).isZero();
  }

  private void await(String text) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!Files.readString(folder.resolve("stderr.txt")).contains(text)) {
      assertThat(System.nanoTime())
          .as("%s", Files.readString(folder.resolve("stderr.txt")))
          .isLessThan(deadline);
      Thread.sleep(20);
    }
  }
}
