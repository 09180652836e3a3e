package dev.tapline.source.postgres.replication.routing;

import dev.tapline.source.postgres.sql.Quote;
import java.io.IOException;

/// Why a stream cannot go on: the log does not identify the row that has changed.
final class MissingRowIdentity {
  private MissingRowIdentity() {}

  /// The replica identity does not hold the stream's key.
  static IOException identity(RelationSchema relation) {
    return new IOException(
        "the log does not say which row was changed, as the table's replica identity does not hold its key; ALTER TABLE %s REPLICA IDENTITY FULL; (or DEFAULT), then %s"
            .formatted(quoted(relation), anew(relation)));
  }

  /// The new row lacks a part of the key, and the old key did not come.
  static IOException unchanged(RelationSchema relation, String column) {
    return new IOException(
        "the log does not say which row was changed: the value of column '%s', a part of the key, is stored out of line, and this server leaves it out of the log where it has not changed; upgrade it to PostgreSQL 10.20, 11.15, 12.10, 13.6, 14.2 or later, or ALTER TABLE %s REPLICA IDENTITY FULL; then %s"
            .formatted(column, quoted(relation), anew(relation)));
  }

  /// The old row lacks a part of the key.
  static IOException old(RelationSchema relation, String column) {
    return new IOException(
        "the log does not say which row was changed: the old row came without column '%s', a part of the key, as the table had another replica identity then; %s"
            .formatted(column, anew(relation)));
  }

  /// A number of the key may be none.
  static IOException noNumber(RelationSchema relation, String column) {
    return new IOException(
        "the log does not say which row was changed: column '%s', a part of the key, is NULL, which is also what wal2json writes for NaN and for infinities; set source.plugin to pgoutput (with a slot of its own), then %s"
            .formatted(column, anew(relation)));
  }

  private static String quoted(RelationSchema relation) {
    return Quote.name(relation.namespace()) + "." + Quote.name(relation.name());
  }

  private static String anew(RelationSchema relation) {
    return "`runtime reset --stream %s.%s` and run again, which copies it anew"
        .formatted(relation.namespace(), relation.name());
  }
}
