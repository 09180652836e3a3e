package dev.tapline.source.postgres.catalog;

import dev.tapline.source.postgres.codec.Encoding;
import dev.tapline.source.postgres.connection.Session;
import java.io.IOException;
import java.sql.SQLException;

/// The encoding in which a database stores its texts, for logs whose texts the server does not
/// convert.
public final class StoredEncoding {
  private StoredEncoding() {}

  /// The encoding, for wal2json or for pgoutput without conversion.
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
