package dev.tapline.source.postgres.catalog;

import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.sql.Quote;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.StreamName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads the tables of a database from its catalog. The number of queries does not depend on the
/// number of tables.
public final class CatalogReader {
  private static final int PATIENCE_MILLIS = 2_000;
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private final Session session;
  private final boolean sizes;
  private final CatalogText text;
  private final Map<Long, Table.Facts> facts = new HashMap<>();
  private final Map<Long, List<Attribute>> attributes = new HashMap<>();
  private final Map<Long, String> keys = new HashMap<>();
  private final Map<Long, List<Long>> children = new HashMap<>();

  private CatalogReader(Session session, boolean sizes) throws SQLException {
    this.session = session;
    this.sizes = sizes;
    this.text = CatalogText.of(session);
  }

  private record Attribute(
      int number,
      String name,
      long type,
      int modifier,
      String typeName,
      boolean notNull,
      boolean readable,
      String comment,
      int width,
      boolean fillsOldRows) {}

  /// All tables and views of users, partitions included, by number.
  public static Map<Long, Table> readAll(Session session) throws SQLException {
    CatalogReader reader = new CatalogReader(session, true);
    reader.readChildren();
    return reader.read(Set.of());
  }

  /// The named tables and views, without what is not there. To be called in a transaction: what is
  /// found is as its snapshot sees it.
  public static Map<StreamName, Table> readSome(Session session, Collection<StreamName> names)
      throws SQLException {
    return readSome(new CatalogReader(session, true), names);
  }

  /// The same without sizes as they are now, for which the server would have to open each table.
  public static Map<StreamName, Table> readShapes(Session session, Collection<StreamName> names)
      throws SQLException {
    return readSome(new CatalogReader(session, false), names);
  }

  private static Map<StreamName, Table> readSome(CatalogReader reader, Collection<StreamName> names)
      throws SQLException {
    reader.readChildren();
    Map<Long, StreamName> wanted = reader.numbers(names);
    if (wanted.isEmpty()) {
      return Map.of();
    }
    Map<Long, Table> tables = reader.read(reader.withDescendants(wanted.keySet()));
    Map<StreamName, Table> found = new HashMap<>();
    wanted.forEach((oid, name) -> {
      @Nullable Table table = tables.get(oid);
      if (table != null) {
        found.put(name, table);
      }
    });
    return found;
  }

  private Map<Long, StreamName> numbers(Collection<StreamName> names) throws SQLException {
    if (names.isEmpty()) {
      return Map.of();
    }
    List<String> pairs =
        names.stream()
            .map(name -> "(" + Quote.text(name.namespace()) + "," + Quote.text(name.name()) + ")")
            .toList();
    Map<Long, StreamName> numbers = new HashMap<>();
    session
        .query(
            """
            SELECT c.oid, n.nspname, c.relname
            FROM (VALUES %s) AS wanted (namespace, name)
            JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.namespace::pg_catalog.name
            JOIN pg_catalog.pg_class c
              ON c.relnamespace = n.oid AND c.relname = wanted.name::pg_catalog.name
            """
                .formatted(String.join(",", pairs)),
            row -> Map.entry(row.getLong(1), name(row.getString(2), row.getString(3))))
        .forEach(entry -> numbers.put(entry.getKey(), entry.getValue()));
    return numbers;
  }

  private Set<Long> withDescendants(Collection<Long> roots) {
    Set<Long> all = new java.util.LinkedHashSet<>();
    List<Long> next = new ArrayList<>(roots);
    while (!next.isEmpty()) {
      long oid = next.removeLast();
      if (all.add(oid)) {
        next.addAll(children.getOrDefault(oid, List.of()));
      }
    }
    return all;
  }

  private void readChildren() throws SQLException {
    session
        .query(
            CatalogQueries.children(session.version()),
            row -> new long[] {row.getLong(1), row.getLong(2)})
        .forEach(pair -> children.computeIfAbsent(pair[0], oid -> new ArrayList<>()).add(pair[1]));
  }

  private Map<Long, Table> read(Set<Long> oids) throws SQLException {
    TypeCatalog types = TypeCatalog.read(session);
    CatalogQueries queries = new CatalogQueries(session.version(), text, oids);
    for (Table.Facts fact : tables(queries)) {
      facts.put(fact.oid(), fact);
    }
    session
        .query(queries.columns(), row -> Map.entry(row.getLong(1), attribute(row)))
        .forEach(entry ->
            attributes
                .computeIfAbsent(entry.getKey(), oid -> new ArrayList<>())
                .add(entry.getValue()));
    session
        .query(queries.keys(), row -> Map.entry(row.getLong(1), row.getString(2)))
        .forEach(entry -> keys.put(entry.getKey(), entry.getValue()));
    Map<Long, Table> tables = new HashMap<>();
    for (long oid : facts.keySet()) {
      build(oid, types, tables);
    }
    return tables;
  }

  // The sizes as they are now need each table opened for a moment, which waits for whoever has it
  // locked: a table in the middle of an ALTER must not hold up discovery.
  private List<Table.Facts> tables(CatalogQueries queries) throws SQLException {
    if (!sizes) {
      return session.query(queries.tables(false), this::facts);
    }
    session.execute("SAVEPOINT before_sizes; SET LOCAL lock_timeout = " + PATIENCE_MILLIS);
    try {
      List<Table.Facts> found = session.query(queries.tables(true), this::facts);
      session.execute("SET LOCAL lock_timeout = 0; RELEASE SAVEPOINT before_sizes");
      return found;
    } catch (SQLException e) {
      if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
        throw e;
      }
      session.execute("ROLLBACK TO SAVEPOINT before_sizes");
      return session.query(queries.tables(false), this::facts);
    }
  }

  private Table.Facts facts(ResultSet row) throws SQLException {
    return new Table.Facts(
        row.getLong(1),
        text.read(row, 2),
        text.read(row, 3),
        row.getString(4).charAt(0),
        row.getBoolean(5),
        row.getDouble(6),
        row.getLong(7),
        orUnknown(row, 8),
        orUnknown(row, 9),
        row.getBoolean(10),
        row.getBoolean(11),
        text.read(row, 12));
  }

  private Attribute attribute(ResultSet row) throws SQLException {
    return new Attribute(
        row.getInt(2),
        text.read(row, 3),
        row.getLong(4),
        row.getInt(5),
        text.read(row, 6),
        row.getBoolean(7),
        row.getBoolean(8),
        text.read(row, 9),
        row.getInt(10),
        row.getBoolean(11));
  }

  private @Nullable Table build(long oid, TypeCatalog types, Map<Long, Table> built) {
    @Nullable Table known = built.get(oid);
    Table.@Nullable Facts fact = facts.get(oid);
    if (known != null || fact == null) {
      return known;
    }
    List<Table> parts = new ArrayList<>();
    for (long child : children.getOrDefault(oid, List.of())) {
      @Nullable Table part = build(child, types, built);
      if (part != null) {
        parts.add(part);
      }
    }
    List<Attribute> own = attributes.getOrDefault(oid, List.of());
    // A table that inherits from several is beneath their parent once.
    List<Table.Facts> all =
        withDescendants(List.of(oid)).stream().filter(facts::containsKey).map(facts::get).toList();
    List<Column> columns = new ArrayList<>();
    List<String> hidden = new ArrayList<>();
    for (Attribute attribute : own) {
      if (attribute.readable() && !text.isStray(attribute.name())) {
        columns.add(column(attribute, types));
      } else {
        hidden.add(attribute.name());
      }
    }
    Table table =
        new Table(
            name(fact.schema(), fact.name()),
            fact,
            columns,
            hidden,
            own.stream().map(Attribute::number).collect(Collectors.toCollection(TreeSet::new)),
            key(oid, columns),
            SizeEstimates.sum(
                all.stream().mapToLong(it -> SizeEstimates.rows(it, width(it.oid())))),
            SizeEstimates.sum(all.stream().mapToLong(SizeEstimates::bytes)),
            parts);
    built.put(oid, table);
    return table;
  }

  private int width(long oid) {
    return attributes.getOrDefault(oid, List.of()).stream()
        .mapToInt(it -> it.width() > 0 ? it.width() : SizeEstimates.VARIABLE)
        .sum();
  }

  private static Column column(Attribute attribute, TypeCatalog types) {
    ColumnType type = types.resolve(attribute.type(), attribute.modifier());
    return new Column(
        attribute.number(),
        new Field(
            attribute.name(),
            type.type(),
            !attribute.notNull(),
            attribute.typeName(),
            attribute.comment()),
        type,
        attribute.fillsOldRows());
  }

  // A key of which the user cannot read a part identifies nothing for this user.
  private List<String> key(long oid, List<Column> columns) {
    List<String> names = new ArrayList<>();
    for (String number : keys.getOrDefault(oid, "").split(" ", -1)) {
      if (number.isEmpty()) {
        return List.of();
      }
      int wanted = Integer.parseInt(number);
      @Nullable Column column =
          columns.stream().filter(it -> it.number() == wanted).findFirst().orElse(null);
      if (column == null) {
        return List.of();
      }
      names.add(column.field().name());
    }
    return names;
  }

  private StreamName name(String schema, String table) {
    return new StreamName(session.database(), schema, table);
  }

  private static long orUnknown(ResultSet row, int column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? -1 : value;
  }
}
