package dev.tapline.source.postgres.preflight;

import dev.tapline.source.postgres.connection.Session;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import java.sql.SQLException;
import java.util.List;

/// Checks whether there is a pooler in between, through which no log can be read.
final class PoolerCheck implements Check {
  @Override
  public List<Finding> run(Session session, List<Stream> streams) throws SQLException {
    if (!session.isPooled()) {
      return List.of();
    }
    return List.of(
        LogBasedStreams.among(session, streams).isEmpty()
            ? Finding.ok(
                "pooler",
                "a pooler stands in front of the server; a run keeps a transaction open beside those that read, and needs one more of its connections than engine.parallelism")
            : Finding.warning(
                "pooler",
                "a pooler stands in front of the server, and few poolers take connections that read the log",
                "name the server itself as source.host and source.port"));
  }
}
