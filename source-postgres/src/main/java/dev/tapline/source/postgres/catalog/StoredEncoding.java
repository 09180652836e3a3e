package dev.tapline.source.postgres.catalog;

import dev.tapline.source.postgres.codec.Encoding;
import dev.tapline.source.postgres.connection.Session;
import java.io.IOException;
import java.sql.SQLException;

/// In what a database's log has its texts where the server does not convert them.
public final class StoredEncoding {
  private StoredEncoding() {}

  /// The encoding, for wal2json or for pgoutput that is told not to convert.
  ///
  /// @throws IOException if only the server knows it
  public static Encoding required(Session session) throws SQLException, IOException {
    String name = session.encoding();
    return Encoding.of(name)
        .orElseThrow(() ->
            new IOException(
                "database '%s' is encoded in %s, which only the server can convert, and wal2json writes texts as they are stored; set source.plugin to pgoutput, and source.slot to a new name"
                    .formatted(session.database(), name)));
  }
}
