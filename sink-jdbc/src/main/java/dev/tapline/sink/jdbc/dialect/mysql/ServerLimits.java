package dev.tapline.sink.jdbc.dialect.mysql;

import dev.tapline.sink.jdbc.dialect.api.Statements;
import java.sql.Connection;
import java.sql.SQLException;

/// Limits of a MariaDB or MySQL server.
///
/// @param keyBytes the most bytes of a key of InnoDB
/// @param packetBytes its `max_allowed_packet`
record ServerLimits(int keyBytes, long packetBytes) {
  /// The limits with default settings.
  static final ServerLimits USUAL = new ServerLimits(3_072, 16L << 20);

  // InnoDB's keys have 3,072 bytes in pages of 16 KB and more, and less in smaller ones.
  private static final int USUAL_PAGE = 16 << 10;

  /// The limits of the server of a connection.
  static ServerLimits of(Connection connection) throws SQLException {
    return Statements.query(
            connection,
            "SELECT @@innodb_page_size, @@max_allowed_packet",
            row -> {
              int page = Math.min(USUAL_PAGE, row.getInt(1));
              return new ServerLimits(USUAL.keyBytes() / (USUAL_PAGE / page), row.getLong(2));
            })
        .getFirst();
  }
}
