package dev.tapline.source.postgres.preflight;

import dev.tapline.source.postgres.connection.Session;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import java.sql.SQLException;
import java.util.List;

/// Checks one subject in one database.
interface Check {
  /// What is so.
  ///
  /// @param session a session in a split-only transaction
  /// @param streams the selected streams of its database
  List<Finding> run(Session session, List<Stream> streams) throws SQLException;
}
