package dev.tapline.source.postgres.incremental;

import dev.tapline.source.postgres.catalog.Column;
import dev.tapline.source.postgres.catalog.ColumnDigests;
import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.spi.catalog.Stream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the splits by key of a database rest on, read for all of them at once.
///
/// @param orders how the keys' columns are ordered
/// @param next the number of the transaction that the server begins next, with its epoch
/// @param standby whether the server follows another one
/// @param clock the server's clock, as [OutlierKeys] takes it
/// @param files the file of each plain table, by the table's number
record KeyCatalog(
    KeyOrders orders, long next, boolean standby, String clock, Map<Long, String> files) {

  KeyCatalog {
    files = Map.copyOf(files);
  }

  private record Moment(long next, boolean standby, String clock) {}

  /// Reads it, in a transaction: it is as its snapshot sees it.
  ///
  /// @param tables the tables of streams, by the stream; those without a key do not matter
  static KeyCatalog read(Session session, Map<Stream, Table> tables) throws SQLException {
    List<KeyOrders.Column> columns = new ArrayList<>();
    tables.forEach((stream, table) ->
        stream.replicationKey().stream()
            .map(name -> new KeyOrders.Column(table.facts().oid(), name))
            .forEach(columns::add));
    Moment moment =
        session
            .query(
                "SELECT pg_catalog.txid_snapshot_xmax(pg_catalog.txid_current_snapshot()), pg_catalog.pg_is_in_recovery(), "
                    + OutlierKeys.CLOCK,
                row -> new Moment(row.getLong(1), row.getBoolean(2), row.getString(3)))
            .getFirst();
    return new KeyCatalog(
        KeyOrders.read(session, columns),
        moment.next(),
        moment.standby(),
        moment.clock(),
        files(session, tables.values()));
  }

  // TRUNCATE gives a table another file, and so does what rewrites it. That of a partitioned table
  // is none, and that of a materialized view is another one after each REFRESH.
  private static Map<Long, String> files(Session session, Collection<Table> tables)
      throws SQLException {
    Map<Long, String> files = new HashMap<>();
    String plain =
        tables.stream()
            .map(Table::facts)
            .filter(facts -> facts.kind() == 'r')
            .map(facts -> String.valueOf(facts.oid()))
            .collect(Collectors.joining(","));
    if (!plain.isEmpty()) {
      session
          .query(
              "SELECT oid, relfilenode::pg_catalog.text FROM pg_catalog.pg_class WHERE oid = ANY ('{"
                  + plain
                  + "}')",
              row -> Map.entry(row.getLong(1), row.getString(2)))
          .forEach(entry -> files.put(entry.getKey(), entry.getValue()));
    }
    return files;
  }

  /// @param columns those that are read
  KeyPosition.Basis basis(Table table, List<Column> columns) {
    @Nullable String file = files.get(table.facts().oid());
    return new KeyPosition.Basis(
        next,
        file == null || !table.children().isEmpty() ? "" : file,
        ColumnDigests.of(columns, table.numbers()));
  }
}
