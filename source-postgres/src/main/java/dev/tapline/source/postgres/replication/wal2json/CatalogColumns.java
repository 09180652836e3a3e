package dev.tapline.source.postgres.replication.wal2json;

import dev.tapline.source.postgres.catalog.CatalogText;
import dev.tapline.source.postgres.connection.Sessions;
import dev.tapline.source.postgres.replication.wal2json.KnownTable.Listed;
import dev.tapline.source.postgres.sql.Quote;
import java.io.IOException;
import java.util.List;

/// What the catalog says about the columns of a table and wal2json does not: type modifiers,
/// nullability, the replica identity.
public final class CatalogColumns {
  private final Sessions sessions;
  private final String database;

  /// @param sessions how to ask
  /// @param database the database of the log
  public CatalogColumns(Sessions sessions, String database) {
    this.sessions = sessions;
    this.database = database;
  }

  List<Listed> of(String namespace, String name) throws IOException {
    return sessions.with(
        database,
        session -> {
          CatalogText text = CatalogText.of(session);
          return session.query(
              """
              SELECT %s, a.atttypid, a.atttypmod, a.attlen = -1,
                     c.relreplident = 'f' OR EXISTS (
                       SELECT 1 FROM pg_catalog.pg_index i
                       WHERE i.indrelid = c.oid AND a.attnum = ANY (i.indkey)
                         AND ((c.relreplident = 'd' AND i.indisprimary)
                              OR (c.relreplident = 'i' AND i.indisreplident)))
              FROM pg_catalog.pg_attribute a
              JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
              JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              WHERE n.nspname = %s AND c.relname = %s AND a.attnum > 0 AND NOT a.attisdropped
              ORDER BY a.attnum
              """
                  .formatted(text.sql("a.attname"), Quote.text(namespace), Quote.text(name)),
              row ->
                  new Listed(
                      text.read(row, 1),
                      row.getLong(2),
                      row.getInt(3),
                      row.getBoolean(4),
                      row.getBoolean(5)));
        });
  }
}
