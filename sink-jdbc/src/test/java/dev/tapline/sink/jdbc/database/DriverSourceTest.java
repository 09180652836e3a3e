package dev.tapline.sink.jdbc.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.sink.jdbc.dialect.Failure;
import dev.tapline.sink.jdbc.dialect.Failures;
import dev.tapline.sink.jdbc.postgres.PostgresDialect;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.spi.config.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// Connections that are made while passwords change and firewalls forget.
class DriverSourceTest {
  private static DriverSource source(TestServer server, Secret.Origin password) {
    Properties properties = new Properties();
    properties.setProperty("user", "ann");
    new PostgresDialect().properties(properties);
    return new DriverSource(
        new org.postgresql.Driver(),
        "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(server.port()),
        properties,
        Optional.of(Secret.from(password)),
        List.of());
  }

  @Test
  void eachConnectionIsMadeWithThePasswordOfThenAndSpeaksUpAfterAMinute() throws Exception {
    try (TestServer server = TestServer.start()) {
      server.execute("CREATE ROLE ann LOGIN PASSWORD 'first'");
      Path rules = server.data().resolve("pg_hba.conf");
      Files.writeString(rules, "host all ann all scram-sha-256\n" + Files.readString(rules));
      server.reload();
      AtomicReference<String> known = new AtomicReference<>("first");
      DriverSource source = source(server, known::get);
      try (Connection first = source.getConnection()) {
        server.execute("ALTER ROLE ann PASSWORD 'second'");
        known.set("second");
        try (Connection second = source.getConnection()) {
          assertThat(first.isValid(5)).isTrue();
          assertThat(second.isValid(5)).isTrue();
          assertThat(keepalives(server.port())).isEqualTo(2);
        }
      }
    }
  }

  @Test
  void aPasswordThatCannotBeHadMayBeHadLater() throws Exception {
    try (TestServer server = TestServer.start()) {
      DriverSource source =
          source(
              server,
              () -> {
                throw new IOException("the vault is closed");
              });
      assertThatThrownBy(source::getConnection)
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(Failures.of(e)).isEqualTo(Failure.TRANSIENT))
          .hasMessage("the vault is closed");
    }
  }

  // Connections to a port whose next sign of life is at most a minute away, by the kernel's table
  // of connections; its unit is a hundredth of a second.
  private static long keepalives(int port) throws IOException {
    long count = 0;
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      for (String line : Files.readAllLines(Path.of(table))) {
        String[] fields = line.strip().split("\\s+");
        if (fields[2].endsWith(":%04X".formatted(port))
            && fields[5].startsWith("02:")
            && Integer.parseInt(fields[5].substring(3), 16) <= 6_000) {
          count++;
        }
      }
    }
    return count;
  }
}
