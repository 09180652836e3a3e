package dev.tapline.source.postgres.testing;

import org.testcontainers.images.builder.ImageFromDockerfile;

/// MariaDB in a container, built from `.ci/mariadb`: a destination for tests.
public final class MariaDbContainer extends MySqlFamilyContainer {
  /// A server that is not started yet, and has no certificate.
  public MariaDbContainer() {
    super(
        new ImageFromDockerfile("tapline/mariadb:12", false),
        "mariadb",
        "MARIADB_PASSWORD",
        "jdbc:mariadb://%s:%d/%s?sslMode=disable");
  }
}
