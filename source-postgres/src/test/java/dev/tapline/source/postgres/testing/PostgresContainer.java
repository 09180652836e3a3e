package dev.tapline.source.postgres.testing;

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
  public static final String PASSWORD = "tapline";

  /// The database.
  public static final String DATABASE = "tapline";

  private static final int PORT = 5432;

  /// A server that is not started yet.
  ///
  /// @param settings arguments for the server, as in `-c`, `wal_level=logical`
  public PostgresContainer(String... settings) {
    super(
        new ImageFromDockerfile("tapline/postgres:15", false)
            .withFileFromPath(".", repository().resolve(".ci/postgres")));
    withExposedPorts(PORT);
    withEnv("POSTGRES_PASSWORD", PASSWORD);
    withEnv("POSTGRES_DB", DATABASE);
    withCommand(settings);
    waitingFor(
        Wait.forLogMessage(".*database system is ready to accept connections.*\\n", 1)
            .withStartupTimeout(Duration.ofSeconds(60)));
  }

  /// The URL for the source's `url`.
  public String url() {
    return "postgresql://postgres:%s@%s:%d/%s"
        .formatted(PASSWORD, getHost(), getMappedPort(PORT), DATABASE);
  }

  /// A connection of the superuser.
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://%s:%d/%s".formatted(getHost(), getMappedPort(PORT), DATABASE),
        "postgres",
        PASSWORD);
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
