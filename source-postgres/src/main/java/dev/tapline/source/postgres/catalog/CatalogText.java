package dev.tapline.source.postgres.catalog;

import dev.tapline.source.postgres.codec.Encoding;
import dev.tapline.source.postgres.connection.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Reads names and comments from the catalog of a database whose texts may hold invalid bytes. The
/// server would refuse to send such a text, and with it the whole result; here it comes with U+FFFD
/// in place of each invalid byte.
public final class CatalogText {
  private final @Nullable Encoding encoding;

  private CatalogText(@Nullable Encoding encoding) {
    this.encoding = encoding;
  }

  /// For the database of a session.
  public static CatalogText of(Session session) throws SQLException {
    return new CatalogText(
        Encoding.of(session.encoding()).filter(Encoding::mayHoldStrayBytes).orElse(null));
  }

  /// What the query says to have a text, for [#read].
  ///
  /// @param expression a name or a text
  public String sql(String expression) {
    // From an encoding to itself nothing is converted; what comes are the bytes as they are stored.
    return encoding == null
        ? expression
        : "pg_catalog.convert_to((%s)::pg_catalog.text, '%s')"
            .formatted(expression, encoding.name());
  }

  /// The text in a column of a query that [#sql] has asked for, or nothing for NULL.
  public String read(ResultSet row, int column) throws SQLException {
    if (encoding == null) {
      @Nullable String text = row.getString(column);
      return text == null ? "" : text;
    }
    byte @Nullable [] stored = row.getBytes(column);
    return stored == null ? "" : encoding.text(stored);
  }

  /// Whether texts can come with U+FFFD in the place of stray bytes.
  public boolean isDoubtful() {
    return encoding != null;
  }

  /// Whether a text was met whose bytes are not all characters, so that it names nothing.
  public boolean isStray(String text) {
    return encoding != null && Encoding.isStray(text);
  }
}
