package dev.tapline.source.postgres.preflight;

import dev.tapline.source.postgres.connection.Session;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import java.sql.SQLException;
import java.util.List;

/// Checks whether this source supports the version of the server.
final class VersionCheck implements Check {
  private static final int OLDEST = 90_300;
  private static final int OLDEST_WITH_TESTED_LOG = 90_600;
  private static final int WITH_RANGE_SCANS = 140_000;

  @Override
  public List<Finding> run(Session session, List<Stream> streams) throws SQLException {
    String version =
        "PostgreSQL " + session.query("SHOW server_version", row -> row.getString(1)).getFirst();
    if (session.version() < OLDEST) {
      return List.of(Finding.error("server", version + " is older than 9.3", "upgrade the server"));
    }
    if (session.version() < OLDEST_WITH_TESTED_LOG
        && streams.stream().anyMatch(LogBasedStreams::isOne)) {
      return List.of(
          session.version() < LogBasedStreams.WITH_LOGICAL_DECODING
              ? Finding.error(
                  "server",
                  version + " cannot tell of changes, which LOG_BASED needs",
                  "use INCREMENTAL or FULL_TABLE, or upgrade the server")
              : Finding.warning(
                  "server", version + " is older than what LOG_BASED is tested with: 9.6", ""));
    }
    return List.of(
        Finding.ok(
            "server",
            session.version() < WITH_RANGE_SCANS
                ? version + "; each table is read by one connection, as ranges need version 14"
                : version));
  }
}
