package dev.tapline.source.postgres.check;

import dev.tapline.source.postgres.catalog.Quote;
import dev.tapline.source.postgres.connect.Session;
import dev.tapline.spi.Finding;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.RelationKind;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Whether the replication keys of streams serve their purpose: an index finds the new rows, and no
/// row is without a key.
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
    List<Finding> findings = new ArrayList<>();
    for (Stream stream : keyed) {
      findings.addAll(index(indexes.getOrDefault(stream.name(), List.of()), stream));
      findings.addAll(nulls(stream));
    }
    return findings;
  }

  private static Map<StreamName, List<String>> indexes(Session session, List<Stream> streams)
      throws SQLException {
    Map<StreamName, List<String>> indexes = new HashMap<>();
    if (streams.isEmpty()) {
      return indexes;
    }
    String names =
        streams.stream()
            .map(Stream::name)
            .map(name -> "(" + Quote.text(name.namespace()) + "," + Quote.text(name.name()) + ")")
            .collect(Collectors.joining(","));
    session
        .query(
            indexed(names),
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
                stream.name().toString(),
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
                stream.name().toString(),
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
