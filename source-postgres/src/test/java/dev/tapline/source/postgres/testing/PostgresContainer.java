package dev.tapline.source.postgres.testing;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;

/// PostgreSQL 15 with wal2json in a container, built from `.ci/postgres`; the image's layers are
/// kept between runs.
public final class PostgresContainer extends GenericContainer<PostgresContainer> {
  /// The superuser's password.
  public static final String PASSWORD = "open-sesame-4712";

  /// The database.
  public static final String DATABASE = "tapline";

  private static final int PORT = 5432;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// A server that is not started yet.
  ///
  /// @param settings arguments for the server, as in `-c`, `wal_level=logical`
  public PostgresContainer(String... settings) {
    this(
        new ImageFromDockerfile("tapline/postgres:15", false)
            .withFileFromPath(".", repository().resolve(".ci/postgres")),
        settings);
  }

  /// A server that knows the languages and the money of all countries; not started yet.
  ///
  /// @param settings arguments for the server
  public static PostgresContainer withLocales(String... settings) {
    return new PostgresContainer(
        new ImageFromDockerfile("tapline/postgres:15-locales", false)
            .withFileFromPath(".", repository().resolve(".ci/postgres"))
            .withBuildArg("EXTRA_PACKAGES", "locales-all"),
        settings);
  }

  private PostgresContainer(ImageFromDockerfile image, String... settings) {
    super(image);
    withExposedPorts(PORT);
    withEnv("POSTGRES_PASSWORD", PASSWORD);
    withEnv("POSTGRES_DB", DATABASE);
    withCommand(settings);
    waitingFor(
        Wait.forLogMessage(".*database system is ready to accept connections.*\\n", 1)
            .withStartupTimeout(PATIENCE));
  }

  /// Has the server keep its port when it is started again. To be called before it is started.
  public PostgresContainer withFixedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      addFixedExposedPort(socket.getLocalPort(), PORT);
    }
    return this;
  }

  /// What `pg_ctl -m fast stop` does; its data stay.
  public void stopFast() throws InterruptedException {
    stopBy("SIGINT");
  }

  /// What `pg_ctl -m immediate stop` does: nothing more is written.
  public void stopAtOnce() throws InterruptedException {
    stopBy("SIGQUIT");
  }

  private void stopBy(String signal) throws InterruptedException {
    getDockerClient().killContainerCmd(getContainerId()).withSignal(signal).exec();
    long begin = System.nanoTime();
    while (isRunning()) {
      if (System.nanoTime() - begin > PATIENCE.toNanos()) {
        throw new AssertionError("the server does not stop");
      }
      Thread.sleep(10);
    }
  }

  /// Starts it again after it was stopped, at the port of [#withFixedPort()].
  public void startUp() throws InterruptedException {
    getDockerClient().startContainerCmd(getContainerId()).exec();
    long begin = System.nanoTime();
    while (true) {
      try {
        connect().close();
        return;
      } catch (SQLException e) {
        if (System.nanoTime() - begin > PATIENCE.toNanos()) {
          throw new AssertionError("the server does not start", e);
        }
        Thread.sleep(20);
      }
    }
  }

  /// The URL for the source's `url`.
  public String url() {
    return url(DATABASE);
  }

  /// The URL of a database, for the source's `url`.
  public String url(String database) {
    return "postgresql://postgres:%s@%s:%d/%s"
        .formatted(PASSWORD, getHost(), getMappedPort(PORT), database);
  }

  /// A connection of the superuser.
  public Connection connect() throws SQLException {
    return connect(DATABASE);
  }

  /// A connection of the superuser to a database.
  public Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(jdbcUrl(database));
  }

  /// The driver's URL of a database for the superuser.
  public String jdbcUrl(String database) {
    return "jdbc:postgresql://%s:%d/%s?user=postgres&password=%s"
        .formatted(getHost(), getMappedPort(PORT), database, PASSWORD);
  }

  static Path repository() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve(".ci/postgres"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("not run from within the repository");
      }
    }
    return folder;
  }
}
