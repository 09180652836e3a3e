package dev.tapline.source.postgres.catalog;

import dev.tapline.source.postgres.sql.Quote;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Relation;
import dev.tapline.spi.catalog.RelationKind;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.StreamName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/// A table or view, with what a scan needs to know about it.
///
/// @param name its name
/// @param facts what `pg_class` says
/// @param columns the columns that the user may read
/// @param hidden names of the others
/// @param numbers the numbers of all
/// @param key names of the primary key's columns, if all can be read
/// @param estimatedRows planner's estimate, partitions included, or -1
/// @param estimatedBytes size on disk, partitions included, or -1
/// @param children tables that are its partitions or inherit from it, in their order
public record Table(
    StreamName name,
    Facts facts,
    List<Column> columns,
    List<String> hidden,
    SortedSet<Integer> numbers,
    List<String> key,
    long estimatedRows,
    long estimatedBytes,
    List<Table> children) {

  public Table {
    columns = List.copyOf(columns);
    hidden = List.copyOf(hidden);
    numbers = new TreeSet<>(numbers);
    key = List.copyOf(key);
    children = List.copyOf(children);
  }

  /// A row of `pg_class`.
  ///
  /// @param oid its number
  /// @param schema its schema
  /// @param name its name
  /// @param kind `relkind`
  /// @param partition whether it is a partition
  /// @param rows `reltuples`
  /// @param pages `relpages`
  /// @param bytes all of its size, or -1 when unknown
  /// @param heapBytes the size of its heap alone, in which ctids count, or -1 when unknown
  /// @param schemaUsable whether the user has USAGE on the schema
  /// @param selectable whether the user has SELECT on the table as a whole
  /// @param comment what COMMENT ON has said
  public record Facts(
      long oid,
      String schema,
      String name,
      char kind,
      boolean partition,
      double rows,
      long pages,
      long bytes,
      long heapBytes,
      boolean schemaUsable,
      boolean selectable,
      String comment) {
    private static final int FIRST_OF_USERS = 16_384;

    /// Whether it was there when the server was set up.
    public boolean isOfServer() {
      return oid < FIRST_OF_USERS;
    }

    /// Whether rows are kept in blocks that ctids address.
    public boolean hasBlocks() {
      return kind == 'r' || kind == 'm';
    }

    /// The kind in the words of the SPI.
    public RelationKind relationKind() {
      return switch (kind) {
        case 'p' -> RelationKind.PARTITIONED_TABLE;
        case 'v' -> RelationKind.VIEW;
        case 'm' -> RelationKind.MATERIALIZED_VIEW;
        case 'f' -> RelationKind.FOREIGN_TABLE;
        default -> RelationKind.TABLE;
      };
    }

    /// `"schema"."name"`.
    public String quoted() {
      return Quote.name(schema) + "." + Quote.name(name);
    }
  }

  /// Whether what users have defined (a function of a view, a foreign data wrapper) runs when it is
  /// read, which may rely on the search path of the role.
  public boolean isComputed() {
    return facts.kind() == 'v'
        || facts.kind() == 'f'
        || children.stream().anyMatch(Table::isComputed);
  }

  /// Whether it is this table, and not one of another number.
  public boolean isSameAs(Table other) {
    return facts.oid() == other.facts.oid();
  }

  /// It and all tables beneath it, each once.
  public List<Table> withDescendants() {
    Map<Long, Table> all = new LinkedHashMap<>();
    collect(all);
    return List.copyOf(all.values());
  }

  private void collect(Map<Long, Table> all) {
    if (all.putIfAbsent(facts.oid(), this) == null) {
      children.forEach(child -> child.collect(all));
    }
  }

  /// What the SPI shows of it.
  public Relation relation() {
    return new Relation(
        name,
        facts.relationKind(),
        schema(),
        hidden,
        estimatedRows,
        estimatedBytes,
        facts.comment());
  }

  private Schema schema() {
    List<Field> fields = columns.stream().map(Column::field).toList();
    return new Schema(fields, key);
  }
}
