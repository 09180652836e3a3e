package dev.tapline.source.postgres.incremental;

import dev.tapline.source.postgres.connection.Sessions;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Relation;
import dev.tapline.spi.catalog.StreamName;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// The columns that are offered as replication keys: those whose values usually grow from row to
/// row. A time may; an integer does if the catalog suggests a counter rather than an amount: it
/// gets its values from a sequence, or an index begins with it and it references no other table.
final class KeyCandidates {
  private static final String COUNTING =
      """
      SELECT n.nspname, c.relname, a.attname
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
      JOIN pg_catalog.pg_am m ON m.oid = x.relam
      JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
      WHERE m.amname = 'btree' AND i.indisvalid AND i.indpred IS NULL
        AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
        AND (i.indisunique OR NOT EXISTS (
          SELECT 1 FROM pg_catalog.pg_constraint f
          WHERE f.conrelid = c.oid AND f.contype = 'f' AND f.conkey[1] = a.attnum))
      UNION
      SELECT n.nspname, c.relname, a.attname
      FROM pg_catalog.pg_attrdef f
      JOIN pg_catalog.pg_depend d
        ON d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND d.objid = f.oid
           AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
      JOIN pg_catalog.pg_class s ON s.oid = d.refobjid AND s.relkind = 'S'
      JOIN pg_catalog.pg_class c ON c.oid = f.adrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = f.adnum
      UNION
      SELECT n.nspname, c.relname, a.attname
      FROM pg_catalog.pg_depend d
      JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S'
      JOIN pg_catalog.pg_class c ON c.oid = d.refobjid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
      WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.deptype = 'i'
        AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
      """;

  private KeyCandidates() {}

  /// The candidates of each relation, in the order of its columns.
  static Map<StreamName, List<String>> of(Sessions sessions, Collection<Relation> relations)
      throws IOException {
    Map<StreamName, Set<String>> counting = new HashMap<>();
    Set<String> databases = new TreeSet<>();
    relations.forEach(relation -> databases.add(relation.name().database()));
    for (String database : databases) {
      counting.putAll(counting(sessions, database));
    }
    Map<StreamName, List<String>> candidates = new LinkedHashMap<>();
    for (Relation relation : relations) {
      Set<String> known = counting.getOrDefault(relation.name(), Set.of());
      candidates.put(
          relation.name(),
          relation.schema().fields().stream()
              // Of a view the catalog tells nothing.
              .filter(field ->
                  KeyTypes.isPlace(field)
                      || (isWhole(field.type())
                          && (!relation.kind().isTable() || known.contains(field.name()))))
              .map(Field::name)
              .toList());
    }
    return candidates;
  }

  private static Map<StreamName, Set<String>> counting(Sessions sessions, String database)
      throws IOException {
    return sessions.with(
        database,
        session -> {
          Map<StreamName, Set<String>> counting = new HashMap<>();
          session.beginSnapshot();
          session
              .query(
                  COUNTING,
                  row ->
                      Map.entry(
                          new StreamName(database, row.getString(1), row.getString(2)),
                          row.getString(3)))
              .forEach(entry ->
                  counting
                      .computeIfAbsent(entry.getKey(), _ -> new HashSet<>())
                      .add(entry.getValue()));
          session.rollback();
          return counting;
        });
  }

  private static boolean isWhole(DataType type) {
    return switch (type) {
      case DataType.Scalar.INT16, DataType.Scalar.INT32, DataType.Scalar.INT64 -> true;
      case DataType.Decimal decimal -> decimal.precision() > 0 && decimal.scale() == 0;
      default -> false;
    };
  }
}
