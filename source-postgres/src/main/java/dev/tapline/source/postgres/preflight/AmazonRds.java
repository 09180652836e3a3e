package dev.tapline.source.postgres.preflight;

import dev.tapline.source.postgres.connection.Session;
import java.sql.SQLException;

/// Amazon RDS and Aurora, where nobody is a superuser and settings are in parameter groups.
final class AmazonRds {
  private AmazonRds() {}

  /// Whether the server is one of these.
  static boolean is(Session session) throws SQLException {
    return !session
        .query(
            "SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = 'rds_superuser'",
            row -> row.getInt(1))
        .isEmpty();
  }

  /// How a setting is changed there.
  static String set(String name, String value) {
    return "set %s = %s in the instance's DB parameter group".formatted(name, value);
  }
}
