package dev.tapline.it;

import dev.tapline.source.postgres.testing.PostgresContainer;
import dev.tapline.source.postgres.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/// A server that can be stopped and started under those who follow its log.
interface LogServer {
  /// The URL of a database, for the source's `url`.
  String url(String database);

  /// A connection of the superuser.
  Connection connect(String database) throws SQLException;

  /// What `pg_ctl -m fast stop` does.
  void stopFast() throws IOException, InterruptedException;

  /// Starts it again, at the same address.
  void startUp() throws InterruptedException;

  /// Runs statements, each of them on its own.
  default void executeIn(String database, String... statements) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new AssertionError("in " + database + ": " + e.getMessage(), e);
    }
  }

  /// The newest version, from the class path.
  static LogServer of(TestServer server) {
    return new Embedded(server);
  }

  /// One with wal2json.
  static LogServer of(PostgresContainer server) {
    return new InContainer(server);
  }

  /// @param server the server
  record Embedded(TestServer server) implements LogServer {
    private static final long PATIENCE = Duration.ofSeconds(30).toNanos();

    @Override
    public String url(String database) {
      return server.url(database);
    }

    @Override
    public Connection connect(String database) throws SQLException {
      return server.connect(database);
    }

    @Override
    public void stopFast() throws IOException, InterruptedException {
      Path file = server.data().resolve("postmaster.pid");
      String pid = Files.readAllLines(file).getFirst();
      new ProcessBuilder("kill", "-INT", pid).start().waitFor();
      long begin = System.nanoTime();
      while (Files.exists(file)) {
        if (System.nanoTime() - begin > PATIENCE) {
          throw new AssertionError("the server does not stop");
        }
        Thread.sleep(10);
      }
    }

    @Override
    public void startUp() {
      server.startUp();
    }
  }

  /// @param server the server
  record InContainer(PostgresContainer server) implements LogServer {
    @Override
    public String url(String database) {
      return server.url(database);
    }

    @Override
    public Connection connect(String database) throws SQLException {
      return server.connect(database);
    }

    @Override
    public void stopFast() throws InterruptedException {
      server.stopFast();
    }

    @Override
    public void startUp() throws InterruptedException {
      server.startUp();
    }
  }
}
