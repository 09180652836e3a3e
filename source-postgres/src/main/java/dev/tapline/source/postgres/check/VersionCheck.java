package dev.tapline.source.postgres.check;

import dev.tapline.source.postgres.connect.Session;
import dev.tapline.spi.Finding;
import dev.tapline.spi.catalog.Stream;
import java.sql.SQLException;
import java.util.List;

/// Whether the server is of a version that this source knows.
final class VersionCheck implements Check {
  private static final int OLDEST = 90_400;
  private static final int OLDEST_TESTED = 90_600;
  private static final int WITH_RANGE_SCANS = 140_000;

  @Override
  public List<Finding> run(Session session, List<Stream> streams) throws SQLException {
    String version =
        "PostgreSQL " + session.query("SHOW server_version", row -> row.getString(1)).getFirst();
    if (session.version() < OLDEST) {
      return List.of(Finding.error("server", version + " is older than 9.4", "upgrade the server"));
    }
    if (session.version() < OLDEST_TESTED) {
      return List.of(
          Finding.warning(
              "server", version + " is older than what is tested, which begins at 9.6", ""));
    }
    return List.of(
        Finding.ok(
            "server",
            session.version() < WITH_RANGE_SCANS
                ? version + "; each table is read by one connection, as ranges need version 14"
                : version));
  }
}
