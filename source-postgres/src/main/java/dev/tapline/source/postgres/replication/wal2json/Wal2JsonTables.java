package dev.tapline.source.postgres.replication.wal2json;

import dev.tapline.source.postgres.replication.routing.ChangeRouter;
import dev.tapline.source.postgres.replication.routing.RelationSchema;
import dev.tapline.source.postgres.replication.routing.Tuple;
import dev.tapline.source.postgres.replication.wal2json.KnownTable.Listed;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The tables that have come, and their rows: turns lists of names, types and values into a
/// [RelationSchema] and its [Tuple]s.
final class Wal2JsonTables {
  private final ChangeRouter router;
  private final CatalogColumns catalog;
  private final Map<String, Map<String, KnownTable>> tables = new HashMap<>();

  Wal2JsonTables(ChangeRouter router, CatalogColumns catalog) {
    this.router = router;
    this.catalog = catalog;
  }

  KnownTable table(String namespace, String name) throws IOException {
    Map<String, KnownTable> schema = tables.computeIfAbsent(namespace, it -> new HashMap<>());
    @Nullable KnownTable known = schema.get(name);
    if (known == null) {
      known = new KnownTable(namespace, name, router.follows(namespace, name));
      schema.put(name, known);
    }
    return known;
  }

  /// Finds out anew which tables belong to streams, of those that did not.
  void reconsider() {
    tables.values().forEach(schema -> schema.values().removeIf(table -> !table.isFollowed()));
  }

  /// Sees to it that the table has the columns that a row lists.
  ///
  /// @param row what the row lists, in its order
  /// @param complete whether it lists every column of the table
  void learn(KnownTable table, List<Listed> row, boolean complete) throws IOException {
    replace(table, table.merge(row, complete, catalog.of(table.namespace(), table.name())));
  }

  /// Sees to it that columns by which a row is told apart count as such.
  void learnIdentity(KnownTable table, List<Listed> identity) throws IOException {
    Set<String> names = new HashSet<>();
    identity.forEach(it -> names.add(it.name()));
    Set<String> known = new HashSet<>();
    table.columns().forEach(it -> known.add(it.name()));
    if (!known.containsAll(names)) {
      learn(table, identity, false);
    }
    replace(table, table.identified(names));
  }

  private void replace(KnownTable table, List<Listed> columns) {
    @Nullable RelationSchema before = table.relation();
    if (before == null || !columns.equals(table.columns())) {
      table.define(columns);
      if (before != null) {
        router.forget(before);
      }
    }
  }

  /// Puts the values of a row in the order of the table's columns.
  ///
  /// @param columns the table's columns
  /// @param names the row's columns
  /// @param values the row's values
  /// @param absent the length of what is not there
  static void arrange(
      List<Listed> columns, List<Listed> names, Tuple values, int absent, Tuple arranged) {
    arranged.begin(values.data(), values.encoding());
    for (Listed column : columns) {
      int found = -1;
      for (int i = 0; i < names.size() && found < 0; i++) {
        found = names.get(i).name().equals(column.name()) ? i : -1;
      }
      if (found < 0) {
        arranged.add(0, absent);
      } else {
        arranged.add(values.start(found), values.length(found));
      }
    }
  }

  /// Puts a row that was read with the columns of before in the order of those of now.
  ///
  /// @param scratch a tuple whose content is not needed any more
  static void arrange(List<Listed> before, List<Listed> columns, Tuple row, Tuple scratch) {
    arrange(columns, before, row, Tuple.UNCHANGED, scratch);
    row.begin(scratch.data(), scratch.encoding());
    for (int i = 0; i < scratch.size(); i++) {
      row.add(scratch.start(i), scratch.length(i));
    }
  }
}
