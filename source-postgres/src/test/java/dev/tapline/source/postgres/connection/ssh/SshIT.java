package dev.tapline.source.postgres.connection.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.jcraft.jsch.KeyPair;
import dev.tapline.source.postgres.fixtures.Pipeline;
import dev.tapline.source.postgres.testing.PostgresContainer;
import dev.tapline.source.postgres.testing.SshContainer;
import dev.tapline.spi.TransientException;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.Snapshot;
import dev.tapline.spi.source.Split;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Through real SSH servers to a PostgreSQL server that publishes no port and whose name only they
/// know.
class SshIT {
  private static final String PASSPHRASE = "rabbit-hole-0815";
  private static final int ROWS = 200_000;

  @TempDir static Path folder;

  private static PostgresContainer database;
  private static SshContainer inner;
  private static Path key;
  private static Path encrypted;
  private static Path knownHosts;

  @BeforeAll
  static void start() throws Exception {
    key = folder.resolve("id_plain");
    encrypted = folder.resolve("id_encrypted");
    List<String> authorized =
        List.of(SshContainer.makeKey(key, ""), SshContainer.makeKey(encrypted, PASSPHRASE));
    database = new PostgresContainer();
    database.setExposedPorts(List.of());
    database.start();
    String address = SshContainer.addressOf(database);
    inner =
        new SshContainer(authorized, Map.of("db.internal", address, "inner.internal", "127.0.0.1"));
    inner.start();
    knownHosts = folder.resolve("known_hosts");
    inner.writeKnownHosts(knownHosts, "[127.0.0.1]:" + inner.port());
    inner.writeKnownHosts(knownHosts, "inner.internal");
    sql(
        "CREATE TABLE big AS SELECT i AS id, repeat('x', 500) AS filler FROM generate_series(1, "
            + ROWS
            + ") i");
  }

  @AfterAll
  static void stop() {
    inner.stop();
    database.stop();
  }

  private static void sql(String statement) throws Exception {
    assertThat(
            database
                .execInContainer("psql", "-U", "postgres", "-d", "tapline", "-c", statement)
                .getExitCode())
        .isZero();
  }

  private static Map<String, Object> ssh(Object... more) {
    Map<String, Object> values = new HashMap<>();
    values.put("host", "127.0.0.1");
    values.put("port", inner.port());
    values.put("user", "ops");
    values.put("private-key", key.toString());
    values.put("known-hosts", knownHosts.toString());
    for (int i = 0; i < more.length; i += 2) {
      if (more[i + 1].equals("")) {
        values.remove((String) more[i]);
      } else {
        values.put((String) more[i], more[i + 1]);
      }
    }
    return values;
  }

  private static Pipeline through(Map<String, Object> ssh) {
    return through(ssh, "db.internal");
  }

  private static Pipeline through(Map<String, Object> ssh, String host) {
    return new Pipeline(
        Map.of(
            "host",
            host,
            "database",
            PostgresContainer.DATABASE,
            "user",
            "postgres",
            "password",
            PostgresContainer.PASSWORD,
            "split-size",
            "16MB",
            "ssh",
            ssh));
  }

  private static void fails(Map<String, Object> ssh, String... words) throws IOException {
    failsTo("db.internal", ssh, words);
  }

  // Without the check, as sshd takes its time to refuse.
  private static void isRefused(Map<String, Object> ssh, String... words) throws IOException {
    try (Pipeline pipeline = through(ssh)) {
      assertThatThrownBy(pipeline::discover)
          .isNotInstanceOf(TransientException.class)
          .hasMessageContainingAll(words)
          .hasMessageNotContainingAny(SshContainer.PASSWORD, PASSPHRASE, "sesame-hunter");
    }
  }

  private static void failsTo(String host, Map<String, Object> ssh, String... words)
      throws IOException {
    try (Pipeline pipeline = through(ssh, host)) {
      assertThatThrownBy(pipeline::discover)
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(TransientException.class)
          .hasMessageContainingAll(words)
          .hasMessageNotContainingAny(SshContainer.PASSWORD, PASSPHRASE, "sesame-hunter");
      assertThat(pipeline.source.check(List.of()))
          .singleElement()
          .matches(finding -> finding.severity() == Finding.Severity.ERROR)
          .matches(finding -> finding.subject().label(false).equals("ssh"));
    }
  }

  @Test
  void readsATableThroughTheTunnelWithAKeyThatIsEncrypted() throws Exception {
    try (Pipeline pipeline =
        through(ssh("private-key", encrypted.toString(), "passphrase", PASSPHRASE))) {
      assertThat(pipeline.count("public.big")).isEqualTo(ROWS);
    }
  }

  @Test
  void logsInWithAPassword() throws Exception {
    try (Pipeline pipeline = through(ssh("private-key", "", "password", SshContainer.PASSWORD))) {
      assertThat(pipeline.discover().relations()).isNotEmpty();
    }
  }

  @Test
  void goesThroughAJumpHost() throws Exception {
    Map<String, Object> jump =
        Map.of(
            "host",
            "127.0.0.1",
            "port",
            inner.port(),
            "user",
            "ops",
            "private-key",
            encrypted.toString(),
            "passphrase",
            PASSPHRASE);
    try (Pipeline pipeline = through(ssh("host", "inner.internal", "port", 22, "jump", jump))) {
      assertThat(pipeline.count("public.big")).isEqualTo(ROWS);
      assertThat(inner.logins()).as("one to it, one from it to itself").isEqualTo(2);
    }
  }

  @Test
  void severalJumpHostsArePassedInTheirOrder() throws Exception {
    // Each step is possible only from where the one before has led: this machine does not know the
    // name of the second, and the third has no port here.
    Map<String, Object> first =
        Map.of("host", "127.0.0.1", "port", inner.port(), "user", "ops", "private-key", "" + key);
    Map<String, Object> second =
        Map.of(
            "host",
            "inner.internal",
            "user",
            "ops",
            "private-key",
            encrypted.toString(),
            "passphrase",
            PASSPHRASE);
    List<Map<String, Object>> jumps = List.of(first, second);
    try (Pipeline pipeline = through(ssh("host", "inner.internal", "port", 22, "jumps", jumps))) {
      assertThat(pipeline.count("public.big")).isEqualTo(ROWS);
      assertThat(inner.logins()).isEqualTo(3);
    }
    fails(
        ssh("host", "inner.internal", "port", 22, "jumps", List.of(second, first)),
        "'inner.internal' is not known; correct source.ssh.jumps.0.host");
  }

  @Test
  void severalReadersShareOneLoginAndOneThatIsNotReadDoesNotHoldUpTheOthers() throws Exception {
    try (Pipeline pipeline = through(ssh())) {
      Stream stream = pipeline.stream("public.big");
      int before = inner.logins();
      try (Snapshot snapshot = pipeline.source.openSnapshot(List.of(stream))) {
        List<Split> splits = pipeline.source.split(stream, snapshot, 4);
        assertThat(splits).hasSizeGreaterThan(3);
        try (BatchReader unread = pipeline.source.open(splits.getFirst())) {
          long[] rows = {0};
          for (Split split : splits.subList(1, splits.size())) {
            pipeline.read(split, batch -> rows[0] += batch.rows());
          }
          assertThat(rows[0]).isGreaterThan(ROWS / 2);
          assertThat(inner.logins()).isEqualTo(before);
          assertThat(unread.finished()).isFalse();
        }
      }
    }
  }

  @Test
  void aTunnelThatIsCutIsMadeAnew() throws Exception {
    try (Pipeline pipeline = through(ssh())) {
      Stream stream = pipeline.stream("public.big");
      try (Snapshot snapshot = pipeline.source.openSnapshot(List.of(stream));
          BatchReader reader =
              pipeline.source.open(pipeline.source.split(stream, snapshot, 1).getFirst())) {
        assertThat(reader.poll(Duration.ofSeconds(20))).isPresent();
        inner.cut();
        assertThatThrownBy(() -> Pipeline.drain(reader, batch -> {}))
            .isInstanceOf(TransientException.class);
        assertThat(snapshot.isOpen()).isFalse();
      }
      assertThat(pipeline.count("public.big")).isEqualTo(ROWS);
    }
  }

  @Test
  void aServerThatGivesNoSignOfLifeIsGivenUp() throws Exception {
    try (Pipeline pipeline = through(ssh("keep-alive", "500ms"))) {
      Stream stream = pipeline.stream("public.big");
      try (Snapshot snapshot = pipeline.source.openSnapshot(List.of(stream));
          BatchReader reader =
              pipeline.source.open(pipeline.source.split(stream, snapshot, 1).getFirst())) {
        assertThat(reader.poll(Duration.ofSeconds(20))).isPresent();
        inner.run("pkill", "-STOP", "-f", "sshd: ops");
        assertThatThrownBy(() -> Pipeline.drain(reader, batch -> {}))
            .isInstanceOf(TransientException.class);
      } finally {
        inner.cut();
      }
      assertThat(pipeline.count("public.big")).isEqualTo(ROWS);
    }
  }

  @Test
  void refusesAServerWhoseKeyIsNotKnown() throws Exception {
    Path empty = Files.createFile(folder.resolve("empty"));
    fails(
        ssh("known-hosts", empty.toString()),
        "the host key of the SSH server at 127.0.0.1:" + inner.port(),
        "SHA256:",
        "is not in " + empty,
        "ssh-keyscan -p " + inner.port() + " 127.0.0.1 >> " + empty);
    assertThat(empty).isEmptyFile();
  }

  @Test
  void acceptsANewKeyOnceAndNeverAChangedOne() throws Exception {
    Path file = folder.resolve("new/known_hosts");
    try (Pipeline pipeline =
        through(ssh("known-hosts", file.toString(), "host-key", "accept-new"))) {
      assertThat(pipeline.discover().relations()).isNotEmpty();
    }
    assertThat(Files.readAllLines(file))
        .singleElement()
        .asString()
        .startsWith("[127.0.0.1]:" + inner.port() + " ");
    try (Pipeline pipeline = through(ssh("known-hosts", file.toString()))) {
      assertThat(pipeline.discover().relations()).isNotEmpty();
    }

    Path changed = folder.resolve("changed");
    Files.writeString(
        changed,
        "[127.0.0.1]:%d %s\n"
            .formatted(inner.port(), SshContainer.makeKey(folder.resolve("id_other_host"), "")));
    for (String policy : List.of("strict", "accept-new")) {
      fails(
          ssh("known-hosts", changed.toString(), "host-key", policy),
          "shows another host key",
          "somebody may be between",
          "ssh-keygen -R '[127.0.0.1]:" + inner.port() + "'");
    }
    // Only a key of another type is known; that the server has not this one does not make it new.
    Path other = folder.resolve("other");
    Files.writeString(
        other,
        "[127.0.0.1]:%d %s\n"
            .formatted(
                inner.port(),
                SshContainer.makeKey(folder.resolve("id_of_another_type"), "", KeyPair.DSA)));
    fails(ssh("known-hosts", other.toString(), "host-key", "accept-new"), "shows another host key");
  }

  @Test
  void saysWhatIsWrongWithTheKey() throws Exception {
    fails(
        ssh("private-key", encrypted.toString()),
        "the private key " + encrypted + " is encrypted; set source.ssh.passphrase");
    fails(
        ssh("private-key", encrypted.toString(), "passphrase", "sesame-hunter"),
        "the passphrase does not open the private key " + encrypted);
    fails(
        ssh("private-key", folder.resolve("absent").toString()),
        "absent cannot be read (NoSuchFileException)");
    Path text = Files.writeString(folder.resolve("text"), "not a key");
    fails(ssh("private-key", text.toString()), "is not a private key that can be used here");
    Path stranger = folder.resolve("id_stranger");
    SshContainer.makeKey(stranger, "");
    isRefused(
        ssh("private-key", stranger.toString()),
        "refuses user 'ops' with the key " + stranger,
        "it accepts publickey,password",
        "ssh-copy-id -i " + stranger);
    isRefused(
        ssh("private-key", "", "password", "sesame-hunter"), "refuses user 'ops' with a password");
  }

  @Test
  void saysWhatIsInTheWay() throws Exception {
    fails(ssh("host", "no-such-host.invalid"), "the SSH server's name 'no-such-host.invalid'");
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    fails(ssh("port", port), "nothing listens at 127.0.0.1:" + port);
    fails(
        ssh("user", "confined"),
        "does not let user 'confined' forward to db.internal:5432",
        "AllowTcpForwarding yes");
    failsTo("elsewhere.internal", ssh(), "cannot reach elsewhere.internal:5432");
  }
}
