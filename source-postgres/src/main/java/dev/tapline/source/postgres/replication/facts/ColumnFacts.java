package dev.tapline.source.postgres.replication.facts;

import dev.tapline.source.postgres.catalog.CatalogText;
import dev.tapline.source.postgres.catalog.Column;
import dev.tapline.source.postgres.connection.Session;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Which columns of their tables streams bring, and which not.
final class ColumnFacts {
  private final Map<Long, Map<String, Integer>> unreadable;

  private ColumnFacts(Map<Long, Map<String, Integer>> unreadable) {
    this.unreadable = unreadable;
  }

  /// Reads the numbers of the columns that the user may not read, which have none in what was read
  /// of the tables.
  static ColumnFacts read(Session session, Collection<StreamTable> streams) throws SQLException {
    String oids =
        streams.stream()
            .map(StreamTable::table)
            .filter(table -> !table.hidden().isEmpty())
            .map(table -> String.valueOf(table.facts().oid()))
            .collect(Collectors.joining(","));
    Map<Long, Map<String, Integer>> numbers = new HashMap<>();
    if (!oids.isEmpty()) {
      CatalogText text = CatalogText.of(session);
      session
          .query(
              """
              SELECT a.attrelid, %s, a.attnum FROM pg_catalog.pg_attribute a
              WHERE a.attrelid = ANY ('{%s}') AND a.attnum > 0 AND NOT a.attisdropped
              """
                  .formatted(text.sql("a.attname"), oids),
              row -> Map.entry(row.getLong(1), Map.entry(text.read(row, 2), row.getInt(3))))
          .forEach(entry ->
              numbers
                  .computeIfAbsent(entry.getKey(), _ -> new HashMap<>())
                  .put(entry.getValue().getKey(), entry.getValue().getValue()));
    }
    return new ColumnFacts(numbers);
  }

  /// The columns that a stream brings.
  static List<Column> brought(StreamTable stream) {
    return stream.table().columns().stream()
        .filter(column -> stream.schema().indexOf(column.field().name()) >= 0)
        .toList();
  }

  /// The highest number of a column of its table.
  int highest(StreamTable stream) {
    return IntStream.concat(
            stream.table().columns().stream().mapToInt(Column::number),
            unreadableOf(stream).values().stream().mapToInt(Integer::intValue))
        .max()
        .orElse(1);
  }

  /// The numbers of the columns that a stream does not bring.
  SortedSet<Integer> absent(StreamTable stream) {
    TreeSet<Integer> absent = new TreeSet<>();
    for (Column column : stream.table().columns()) {
      if (stream.schema().indexOf(column.field().name()) < 0) {
        absent.add(column.number());
      }
    }
    stream.table().hidden().stream()
        .map(unreadableOf(stream)::get)
        .filter(number -> number != null)
        .forEach(absent::add);
    return absent;
  }

  private Map<String, Integer> unreadableOf(StreamTable stream) {
    return unreadable.getOrDefault(stream.table().facts().oid(), Map.of());
  }
}
