package dev.tapline.source.postgres.testing;

import java.time.Duration;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;

/// MariaDB in a container, built from `.ci/mariadb`: a destination for tests.
public final class MariaDbContainer extends GenericContainer<MariaDbContainer> {
  /// Who connects.
  public static final String USER = "tapline";

  /// The password.
  public static final String PASSWORD = "open-sesame-4711";

  private static final int PORT = 3306;

  /// A server that is not started yet.
  public MariaDbContainer() {
    super(
        new ImageFromDockerfile("tapline/mariadb:12", false)
            .withFileFromPath(".", PostgresContainer.repository().resolve(".ci/mariadb")));
    withExposedPorts(PORT);
    withEnv("MARIADB_PASSWORD", PASSWORD);
    waitingFor(
        Wait.forLogMessage(".*port: 3306 .*\\n", 1).withStartupTimeout(Duration.ofSeconds(90)));
  }

  /// The driver's URL of a database, without the user. The server has no certificate.
  public String url(String database) {
    return "jdbc:mariadb://%s:%d/%s?sslMode=disable"
        .formatted(getHost(), getMappedPort(PORT), database);
  }
}
