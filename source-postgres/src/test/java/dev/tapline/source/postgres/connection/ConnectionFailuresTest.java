package dev.tapline.source.postgres.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.source.postgres.fixtures.Pipeline;
import dev.tapline.source.postgres.testing.SharedServer;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.spi.TransientException;
import dev.tapline.spi.catalog.Finding;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConnectionFailuresTest {
  private static final String SECRET = "correct-sesame";

  private static void fails(Map<String, ?> settings, String message) throws IOException {
    try (Pipeline pipeline = new Pipeline(settings)) {
      assertThatThrownBy(pipeline::discover)
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(TransientException.class)
          .hasMessageContaining(message)
          .hasMessageNotContaining(SECRET);
      assertThat(pipeline.source.check(List.of()))
          .singleElement()
          .matches(finding -> finding.severity() == Finding.Severity.ERROR)
          .matches(finding -> (finding.message() + "; " + finding.remedy()).contains(message));
    }
  }

  private static Map<String, Object> server(TestServer server) {
    return new HashMap<>(Map.of("host", "127.0.0.1", "port", server.port(), "user", "postgres"));
  }

  private static Map<String, Object> with(Map<String, Object> settings, String key, Object value) {
    Map<String, Object> changed = new HashMap<>(settings);
    changed.put(key, value);
    return changed;
  }

  @Test
  void namesAnUnknownHost() throws Exception {
    fails(Map.of("host", "no-such-host.invalid"), "the host 'no-such-host.invalid' is not known");
  }

  @Test
  void saysWhereNothingListens() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    fails(
        Map.of("host", "127.0.0.1", "port", port),
        "nothing listens on 127.0.0.1:" + port + "; start the server");
  }

  @Test
  void namesTheDatabaseThatWasProbablyMeant() throws Exception {
    SharedServer.get().execute("CREATE DATABASE webshop");
    fails(
        with(server(SharedServer.get()), "database", "wbeshop"),
        "database 'wbeshop' does not exist on 127.0.0.1:%d; did you mean 'webshop'?"
            .formatted(SharedServer.get().port()));
  }

  @Test
  void namesAUserThatIsNoRole() throws Exception {
    fails(
        with(with(server(SharedServer.get()), "user", "nobody"), "database", "postgres"),
        "refuses user 'nobody'");
  }

  @Test
  void saysThatTheServerOffersNoEncryption() throws Exception {
    fails(
        with(server(SharedServer.get()), "sslmode", "require"),
        "does not offer encrypted connections, which sslmode require asks for");
  }

  @Test
  void saysWhatIsWrongWithThePassword() throws Exception {
    try (TestServer server = TestServer.start("max_connections = 10")) {
      server.execute("CREATE ROLE reader LOGIN PASSWORD '" + SECRET + "' CONNECTION LIMIT 0");
      Path rules = server.data().resolve("pg_hba.conf");
      Files.writeString(
          rules,
          """
          host postgres reader 127.0.0.1/32 scram-sha-256
          host all postgres 127.0.0.1/32 trust
          """);
      server.reload();
      Map<String, Object> reader =
          with(with(server(server), "user", "reader"), "database", "postgres");
      fails(reader, "asks for the password of user 'reader'; set source.password");
      Path passwords = Files.writeString(server.data().resolve("open"), "*:*:*:*:" + SECRET + "\n");
      System.setProperty("org.postgresql.pgpassfile", passwords.toString());
      try {
        // The driver by itself would take what others can read.
        fails(reader, "asks for the password of user 'reader'; set source.password");
      } finally {
        System.clearProperty("org.postgresql.pgpassfile");
      }
      fails(
          with(reader, "password", SECRET + "-wrong"),
          "refuses the password of user 'reader'; correct source.password");
      fails(
          with(with(reader, "password", SECRET), "database", "template1"),
          "lets nobody in as user 'reader' to database 'template1' from here");
      try (Pipeline pipeline = new Pipeline(with(reader, "password", SECRET))) {
        assertThatThrownBy(pipeline::discover)
            .isInstanceOf(TransientException.class)
            .hasMessageContaining("takes no more connections");
      }
      server.execute("ALTER ROLE reader CONNECTION LIMIT -1");
      String url = "postgresql://reader:%s@127.0.0.1:%d/postgres?sslmode=disable";
      try (Pipeline pipeline = Pipeline.at(url.formatted(SECRET, server.port()))) {
        assertThat(pipeline.discover().findings()).isEmpty();
        server.stop();
        assertThatThrownBy(pipeline::discover)
            .as("a server that was there before")
            .isInstanceOf(TransientException.class);
        server.startUp();
        assertThat(pipeline.discover().findings()).isEmpty();
      }
    }
  }
}
