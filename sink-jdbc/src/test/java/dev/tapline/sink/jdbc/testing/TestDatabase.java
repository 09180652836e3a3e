package dev.tapline.sink.jdbc.testing;

import dev.tapline.source.postgres.testing.SharedServer;
import java.nio.file.Path;

/// Databases that merge each in another way.
public enum TestDatabase {
  POSTGRES,
  H2,
  SQLITE,
  DUCKDB,
  HSQLDB;

  /// The URL of a new database.
  public String url(Path folder) {
    return switch (this) {
      case POSTGRES ->
          "jdbc:postgresql://127.0.0.1:%d/%s?user=postgres"
              .formatted(SharedServer.get().port(), SharedServer.database());
      case H2 -> "jdbc:h2:" + folder.resolve("shop");
      case SQLITE -> "jdbc:sqlite:" + folder.resolve("shop");
      case DUCKDB -> "jdbc:duckdb:" + folder.resolve("shop");
      case HSQLDB -> "jdbc:hsqldb:mem:" + folder.getFileName();
    };
  }
}
