package dev.tapline.source.postgres.replication.wal2json;

import dev.tapline.source.postgres.replication.routing.RelationSchema;
import dev.tapline.source.postgres.replication.routing.RelationSchema.RelationColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is known about a table whose changes have come: wal2json describes it with each row, and
/// rows leave out what did not change.
final class KnownTable {
  private final String namespace;
  private final String name;
  private final boolean followed;
  private final List<Listed> columns = new ArrayList<>();
  private @Nullable RelationSchema relation;

  /// A column as a message or the catalog lists it.
  ///
  /// @param name its name
  /// @param type the number of its type
  /// @param modifier its `atttypmod`, which only the catalog tells
  /// @param mayStay whether a row can leave it out because it did not change
  /// @param identity whether it belongs to the replica identity
  record Listed(String name, long type, int modifier, boolean mayStay, boolean identity) {}

  KnownTable(String namespace, String name, boolean followed) {
    this.namespace = namespace;
    this.name = name;
    this.followed = followed;
  }

  String namespace() {
    return namespace;
  }

  String name() {
    return name;
  }

  /// Whether a stream wants its rows.
  boolean isFollowed() {
    return followed;
  }

  /// The relation of its rows, or null before the first.
  @Nullable RelationSchema relation() {
    return relation;
  }

  List<Listed> columns() {
    return columns;
  }

  /// The table has these columns from now on.
  RelationSchema define(List<Listed> listed) {
    List<Listed> fresh = List.copyOf(listed);
    columns.clear();
    columns.addAll(fresh);
    boolean whole = !columns.isEmpty() && columns.stream().allMatch(Listed::identity);
    RelationSchema defined =
        new RelationSchema(
            0,
            namespace,
            name,
            columns.stream()
                .map(it -> new RelationColumn(it.name(), it.type(), it.modifier(), it.identity()))
                .toList(),
            whole);
    relation = defined;
    return defined;
  }

  /// The columns of the log, with what the catalog says of them and with those that a row may have
  /// left out.
  ///
  /// @param row the columns that the row lists
  /// @param complete whether a row of this kind lists every column
  /// @param catalog the columns as the catalog has them now
  List<Listed> merge(List<Listed> row, boolean complete, List<Listed> catalog) {
    List<Listed> merged = new ArrayList<>();
    List<Listed> others = complete ? List.of() : columns.isEmpty() ? catalog : columns;
    Set<String> listed =
        row.stream().map(Listed::name).collect(java.util.stream.Collectors.toSet());
    int next = 0;
    for (Listed other : others) {
      if (!listed.contains(other.name())) {
        if (other.mayStay()) {
          merged.add(other);
        }
        continue;
      }
      while (next < row.size()) {
        Listed column = row.get(next++);
        merged.add(described(column, catalog));
        if (column.name().equals(other.name())) {
          break;
        }
      }
    }
    while (next < row.size()) {
      merged.add(described(row.get(next++), catalog));
    }
    return merged;
  }

  private Listed described(Listed column, List<Listed> catalog) {
    for (Listed known : catalog) {
      if (known.name().equals(column.name())) {
        return known.type() == column.type()
            ? known
            : new Listed(column.name(), column.type(), -1, known.mayStay(), known.identity());
      }
    }
    for (Listed known : columns) {
      if (known.name().equals(column.name()) && known.type() == column.type()) {
        return known;
      }
    }
    return new Listed(column.name(), column.type(), -1, true, false);
  }

  /// The columns when those of some names turn out to belong to the replica identity.
  List<Listed> identified(Set<String> names) {
    return columns.stream()
        .map(it ->
            names.contains(it.name())
                ? new Listed(it.name(), it.type(), it.modifier(), it.mayStay(), true)
                : it)
        .toList();
  }
}
