package dev.tapline.sink.jdbc.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.tapline.sink.jdbc.dialect.api.FailureKind;
import dev.tapline.sink.jdbc.dialect.api.SqlStates;
import dev.tapline.sink.jdbc.dialect.postgresql.PostgresDialect;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.spi.config.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

/// Connections that are made while passwords change and firewalls forget.
class DriverDataSourceTest {
  private static DriverDataSource source(TestServer server, Secret.Origin password) {
    Properties properties = new Properties();
    properties.setProperty("user", "ann");
    new PostgresDialect().driverProperties(properties);
    return new DriverDataSource(
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
      DriverDataSource source = source(server, known::get);
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
      DriverDataSource source =
          source(
              server,
              () -> {
                throw new IOException("the vault is closed");
              });
      assertThatThrownBy(source::getConnection)
          .isInstanceOfSatisfying(
              SQLException.class,
              e -> assertThat(SqlStates.classify(e)).isEqualTo(FailureKind.TRANSIENT))
          .hasMessage("the vault is closed");
    }
  }

  @Test
  void theEndOfThePoolWaitsForAConnectionThatIsBeingMade() throws Exception {
    SlowDriver driver = new SlowDriver();
    HikariConfig config = new HikariConfig();
    config.setDataSource(
        new DriverDataSource(
            driver, "jdbc:h2:mem:", new Properties(), Optional.empty(), List.of()));
    config.setMinimumIdle(0);
    config.setMaximumPoolSize(2);
    HikariDataSource pool = new HikariDataSource(config);
    pool.getConnection().close();
    driver.slow = true;
    Connection first = pool.getConnection();
    Thread second = Thread.ofVirtual().start(() -> connect(pool));
    assertThat(driver.begun.await(10, TimeUnit.SECONDS)).isTrue();
    first.close();
    second.join();
    Thread end = Thread.ofPlatform().start(pool::close);
    while (end.getState() == Thread.State.RUNNABLE || end.getState() == Thread.State.NEW) {
      Thread.onSpinWait();
    }
    boolean waits = end.isAlive();
    driver.released.countDown();
    end.join(10_000);
    assertThat(waits).isTrue();
    assertThat(end.isAlive()).isFalse();
  }

  private static void connect(HikariDataSource pool) {
    try {
      pool.getConnection().close();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// H2's, which can be made to wait.
  private static final class SlowDriver implements Driver {
    private final Driver h2 = new org.h2.Driver();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private volatile boolean slow;

    @Override
    public Connection connect(String url, Properties info) throws SQLException {
      if (slow) {
        begun.countDown();
        try {
          released.await();
        } catch (InterruptedException e) {
          throw new SQLException(e);
        }
      }
      return h2.connect(url, info);
    }

    @Override
    public boolean acceptsURL(String url) throws SQLException {
      return h2.acceptsURL(url);
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) throws SQLException {
      return h2.getPropertyInfo(url, info);
    }

    @Override
    public int getMajorVersion() {
      return h2.getMajorVersion();
    }

    @Override
    public int getMinorVersion() {
      return h2.getMinorVersion();
    }

    @Override
    public boolean jdbcCompliant() {
      return h2.jdbcCompliant();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
      return h2.getParentLogger();
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
