package dev.tapline.source.postgres.preflight;

import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.incremental.KeyBlindSpots;
import dev.tapline.source.postgres.incremental.KeyOrders;
import dev.tapline.source.postgres.sql.Quote;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.RelationKind;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Checks whether the replication keys of streams serve their purpose: an index finds the new rows,
/// every row has a key, and new rows have higher keys than old ones.
final class KeyCheck implements Check {
  // The names of the columns of every btree index that is complete, by table.
  private static String indexed(String names) {
    return """
    SELECT n.nspname, c.relname, pg_catalog.array_to_string(ARRAY(
             SELECT '"' || pg_catalog.replace(a.attname, '"', '""') || '"'
             FROM pg_catalog.generate_series(0, i.indnatts - 1) place
             JOIN pg_catalog.pg_attribute a
               ON a.attrelid = i.indrelid AND a.attnum = i.indkey[place]
             ORDER BY place), ',')
    FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
    JOIN pg_catalog.pg_am m ON m.oid = x.relam
    JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN (VALUES %s) AS wanted (namespace, name)
      ON n.nspname = wanted.namespace::pg_catalog.name AND c.relname = wanted.name::pg_catalog.name
    WHERE m.amname = 'btree' AND i.indisvalid AND i.indpred IS NULL
    """
        .formatted(names);
  }

  @Override
  public List<Finding> run(Session session, List<Stream> streams) throws SQLException {
    List<Stream> keyed =
        streams.stream().filter(stream -> !stream.replicationKey().isEmpty()).toList();
    Map<StreamName, List<String>> indexes = indexes(session, keyed);
    Map<StreamName, String> unordered = unordered(session, keyed);
    List<Stream> readable =
        keyed.stream().filter(stream -> !unordered.containsKey(stream.name())).toList();
    Map<StreamName, List<String>> doubts = KeyBlindSpots.find(session, readable);
    List<Finding> findings = new ArrayList<>();
    for (Stream stream : keyed) {
      @Nullable String reason = unordered.get(stream.name());
      if (reason != null) {
        findings.add(Finding.error(stream.name(), reason, ""));
        continue;
      }
      findings.addAll(index(indexes.getOrDefault(stream.name(), List.of()), stream));
      findings.addAll(nulls(stream));
      for (String doubt : doubts.getOrDefault(stream.name(), List.of())) {
        findings.add(Finding.warning(stream.name(), doubt, ""));
      }
    }
    KeyBlindSpots.lateCommits(readable)
        .ifPresent(
            late -> findings.add(Finding.warning("lookback", late, KeyBlindSpots.ofLateCommits())));
    return findings;
  }

  // The types of extensions tell only here whether they have an order.
  private static Map<StreamName, String> unordered(Session session, List<Stream> streams)
      throws SQLException {
    if (streams.isEmpty()) {
      return Map.of();
    }
    Map<StreamName, Long> numbers = new HashMap<>();
    session
        .query(
            """
            SELECT n.nspname, c.relname, c.oid
            FROM (VALUES %s) AS wanted (namespace, name)
            JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.namespace::pg_catalog.name
            JOIN pg_catalog.pg_class c
              ON c.relnamespace = n.oid AND c.relname = wanted.name::pg_catalog.name
            """
                .formatted(names(streams)),
            row ->
                Map.entry(
                    new StreamName(session.database(), row.getString(1), row.getString(2)),
                    row.getLong(3)))
        .forEach(entry -> numbers.put(entry.getKey(), entry.getValue()));
    return KeyOrders.problems(session, streams, numbers);
  }

  private static String names(List<Stream> streams) {
    return streams.stream()
        .map(Stream::name)
        .map(name -> "(" + Quote.text(name.namespace()) + "," + Quote.text(name.name()) + ")")
        .collect(Collectors.joining(","));
  }

  private static Map<StreamName, List<String>> indexes(Session session, List<Stream> streams)
      throws SQLException {
    Map<StreamName, List<String>> indexes = new HashMap<>();
    if (streams.isEmpty()) {
      return indexes;
    }
    session
        .query(
            indexed(names(streams)),
            row ->
                Map.entry(
                    new StreamName(session.database(), row.getString(1), row.getString(2)),
                    row.getString(3)))
        .forEach(entry ->
            indexes.computeIfAbsent(entry.getKey(), _ -> new ArrayList<>()).add(entry.getValue()));
    return indexes;
  }

  private static List<Finding> index(List<String> indexes, Stream stream) {
    if (!stream.kind().isTable() && stream.kind() != RelationKind.MATERIALIZED_VIEW) {
      return List.of();
    }
    String table = Quote.name(stream.name().namespace()) + "." + Quote.name(stream.name().name());
    String wanted =
        stream.replicationKey().stream().map(Quote::name).collect(Collectors.joining(","));
    boolean served =
        indexes.stream().anyMatch(index -> index.equals(wanted) || index.startsWith(wanted + ","));
    return served
        ? List.of()
        : List.of(
            Finding.warning(
                stream.name(),
                "no index begins with its replication key, so each run sorts the whole table",
                "CREATE INDEX %sON %s (%s);"
                    .formatted(
                        // Not possible for all partitions in one statement.
                        stream.kind() == RelationKind.PARTITIONED_TABLE ? "" : "CONCURRENTLY ",
                        table,
                        stream.replicationKey().stream()
                            .map(Quote::name)
                            .collect(Collectors.joining(", ")))));
  }

  private static List<Finding> nulls(Stream stream) {
    List<Finding> findings = new ArrayList<>();
    for (String name : stream.replicationKey()) {
      Field field = stream.schema().fields().get(stream.schema().indexOf(name));
      if (field.nullable() && stream.kind().isTable()) {
        findings.add(
            Finding.warning(
                stream.name(),
                "its replication key '%s' can be NULL: such rows come with the first copy and are never looked at again"
                    .formatted(name),
                "ALTER TABLE %s.%s ALTER COLUMN %s SET NOT NULL;"
                    .formatted(
                        Quote.name(stream.name().namespace()),
                        Quote.name(stream.name().name()),
                        Quote.name(name))));
      }
    }
    return findings;
  }
}
