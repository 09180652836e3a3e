package dev.tapline.source.postgres.testing;

import java.time.Duration;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;

/// A server of MariaDB or MySQL, with a user who may do everything.
public abstract class MySqlFamilyContainer extends GenericContainer<MySqlFamilyContainer> {
  /// Who connects.
  public static final String USER = "tapline";

  /// The password.
  public static final String PASSWORD = "open-sesame-4711";

  private static final int PORT = 3306;

  private final String url;

  /// A server that is not started yet.
  ///
  /// @param folder of the image, below `.ci`
  /// @param passwordVariable what the image takes the password from
  /// @param url the driver's, of host, port and database
  MySqlFamilyContainer(
      ImageFromDockerfile image, String folder, String passwordVariable, String url) {
    super(
        image.withFileFromPath(".", PostgresContainer.repository().resolve(".ci").resolve(folder)));
    this.url = url;
    withExposedPorts(PORT);
    withEnv(passwordVariable, PASSWORD);
    waitingFor(
        Wait.forLogMessage(".*port: 3306 .*\\n", 1).withStartupTimeout(Duration.ofSeconds(90)));
  }

  /// The driver's URL of a database, without the user.
  public final String url(String database) {
    return url.formatted(getHost(), getMappedPort(PORT), database);
  }
}
