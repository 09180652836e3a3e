package dev.tapline.source.postgres.check;

import dev.tapline.source.postgres.catalog.Quote;
import dev.tapline.source.postgres.connect.Session;
import dev.tapline.spi.Finding;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.RelationKind;
import dev.tapline.spi.catalog.Stream;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// Whether the replication keys of streams serve their purpose: an index finds the new rows, and no
/// row is without a key.
final class KeyCheck implements Check {
  // The names of the leading columns of every btree index that is complete.
  private static String indexed(String table) {
    return """
    SELECT pg_catalog.array_to_string(ARRAY(
             SELECT '"' || pg_catalog.replace(a.attname, '"', '""') || '"'
             FROM pg_catalog.unnest(i.indkey::pg_catalog.int2[]) WITH ORDINALITY k (number, place)
             JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
             ORDER BY k.place), ',')
    FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
    JOIN pg_catalog.pg_am m ON m.oid = x.relam
    WHERE i.indrelid = %s::pg_catalog.regclass AND m.amname = 'btree'
      AND i.indisvalid AND i.indpred IS NULL
    """
        .formatted(Quote.text(table));
  }

  @Override
  public List<Finding> run(Session session, List<Stream> streams) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    for (Stream stream : streams) {
      if (!stream.replicationKey().isEmpty()) {
        findings.addAll(index(session, stream));
        findings.addAll(nulls(stream));
      }
    }
    return findings;
  }

  private static List<Finding> index(Session session, Stream stream) throws SQLException {
    if (!stream.kind().isTable() && stream.kind() != RelationKind.MATERIALIZED_VIEW) {
      return List.of();
    }
    String table = Quote.name(stream.name().namespace()) + "." + Quote.name(stream.name().name());
    String wanted =
        stream.replicationKey().stream().map(Quote::name).collect(Collectors.joining(","));
    Set<String> indexes = new HashSet<>(session.query(indexed(table), row -> row.getString(1)));
    boolean served =
        indexes.stream().anyMatch(index -> index.equals(wanted) || index.startsWith(wanted + ","));
    return served
        ? List.of()
        : List.of(
            Finding.warning(
                stream.name().toString(),
                "no index begins with its replication key, so each run sorts the whole table",
                "CREATE INDEX CONCURRENTLY ON %s (%s);"
                    .formatted(
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
