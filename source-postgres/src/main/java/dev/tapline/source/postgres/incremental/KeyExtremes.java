package dev.tapline.source.postgres.incremental;

import dev.tapline.source.postgres.connection.Session;
import dev.tapline.spi.Position;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Looks up the rows at the ends of keys: each is one index lookup, and many of them are one
/// statement.
///
/// For one session and thread at a time.
final class KeyExtremes {
  // What may be written since the catalog was read must not look like very old rows.
  private static final long MEANWHILE = 1 << 20;

  private final Session session;
  private final KeyCatalog catalog;

  /// A stream and where it was left.
  ///
  /// @param scan how it is read on
  /// @param from where it was left, as the state has it
  /// @param position the same, parsed
  record Left(KeyScan scan, Position from, KeyPosition position) {}

  /// What was seen.
  ///
  /// @param misplaced whether the position lies beyond the clock; for one of an earlier version,
  ///   far beyond it, or at a value that stands for "no end"
  /// @param row the row at the end; nothing when there is none
  record Look(boolean misplaced, @Nullable Row row) {}

  /// A row at an end of a key.
  ///
  /// @param value the first value of its key; of a view nothing
  /// @param far whether it is far ahead
  /// @param reached whether it is at the position or beyond
  /// @param age how many transactions ago it was written, as far as its number tells
  record Row(String value, boolean far, boolean reached, long age) {}

  KeyExtremes(Session session, KeyCatalog catalog) {
    this.session = session;
    this.catalog = catalog;
  }

  /// The rows with the highest keys, in the order of the streams, which have a position.
  List<Look> highest(List<Left> streams) throws SQLException {
    List<String> statements = new ArrayList<>();
    List<String> parameters = new ArrayList<>();
    for (int i = 0; i < streams.size(); i++) {
      Left left = streams.get(i);
      KeyScan scan = left.scan();
      statements.add(
          statement(i, left, scan.numbered() ? row(scan, scan.key().descending()) : view(scan)));
      parameters.addAll(left.position().values());
    }
    return session.query(
        String.join(" UNION ALL ", statements) + " ORDER BY 1", parameters, this::look);
  }

  /// The row with the lowest key.
  Look lowest(Left left) throws SQLException {
    return session
        .query(
            statement(0, left, row(left.scan(), left.scan().key().ascending())),
            left.position().values(),
            this::look)
        .getFirst();
  }

  private String statement(int number, Left left, String row) {
    ReplicationKey key = left.scan().key();
    String position =
        IntStream.range(0, key.fields().size())
            .mapToObj(i -> "?::" + key.orders().get(i).type() + " AS v" + i)
            .collect(Collectors.joining(", "));
    OutlierKeys ahead = OutlierKeys.of(key, catalog.clock());
    // Only earlier versions took a row that is ahead for the position, but the clock may be set
    // back.
    boolean old = !left.position().basis().isKnown();
    String misplaced =
        ahead.isTime() || (old && ahead.isKnown())
            ? ahead.isAhead("b.v0", old ? "1 day" : "1 s")
            : "false";
    return "SELECT %d, %s, r.* FROM (SELECT %s) AS b LEFT JOIN LATERAL (%s) AS r ON true"
        .formatted(number, misplaced, position, row);
  }

  private String row(KeyScan scan, String order) {
    ReplicationKey key = scan.key();
    OutlierKeys ahead = OutlierKeys.of(key, catalog.clock());
    String first = ReplicationKey.name(key.fields().getFirst());
    return "(SELECT %s::pg_catalog.text AS value, %s AS far, %s AS reached, %s AS age FROM %s AS %s WHERE %s ORDER BY %s LIMIT 1)"
        .formatted(
            first,
            ahead.isKnown() ? ahead.isAhead(first, "1 day") : "false",
            reached(key),
            SeenTransactions.age(catalog.next() + MEANWHILE),
            scan.table(),
            ReplicationKey.ALIAS,
            key.present(),
            order);
  }

  // What has no numbers of transactions is often a query that takes long: whether any row is there
  // is less to ask than which one is the highest.
  private static String view(KeyScan scan) {
    ReplicationKey key = scan.key();
    String rows = "EXISTS (SELECT 1 FROM %s AS %s WHERE %s%s)";
    return "(SELECT ''::pg_catalog.text AS value, false AS far, %s OR NOT %s AS reached, 0::pg_catalog.int8 AS age)"
        .formatted(
            rows.formatted(
                scan.table(), ReplicationKey.ALIAS, reached(key) + " AND ", key.present()),
            rows.formatted(scan.table(), ReplicationKey.ALIAS, "", key.present()));
  }

  private static String reached(ReplicationKey key) {
    return key.atOrBeyond(index -> "b.v" + index);
  }

  private Look look(ResultSet row) throws SQLException {
    @Nullable String value = row.getString(3);
    return new Look(
        row.getBoolean(2),
        value == null
            ? null
            : new Row(value, row.getBoolean(4), row.getBoolean(5), row.getLong(6) - MEANWHILE));
  }
}
