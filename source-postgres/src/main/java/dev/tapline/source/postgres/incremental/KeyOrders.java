package dev.tapline.source.postgres.incremental;

import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.sql.Quote;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Finds the ordering of columns, many at a time.
public final class KeyOrders {
  // A domain is ordered as what it is based on; an array, an enumeration, a range and a row as all
  // of their kind; and a type that has no class of its own as one that it is the same as in binary
  // form (varchar as text). So the server itself chooses.
  private static String query(String columns) {
    return """
    WITH RECURSIVE wanted (relation, name) AS (
      SELECT v.relation::pg_catalog.oid, v.name::pg_catalog.name
      FROM (VALUES %s) AS v (relation, name)
    ), based (relation, name, type, collated) AS (
      SELECT a.attrelid, a.attname, a.atttypid, a.attcollation
      FROM wanted w
      JOIN pg_catalog.pg_attribute a ON a.attrelid = w.relation AND a.attname = w.name
      UNION ALL
      SELECT b.relation, b.name, t.typbasetype, b.collated
      FROM based b JOIN pg_catalog.pg_type t ON t.oid = b.type WHERE t.typtype = 'd'
    ), classes AS (
      SELECT o.opcintype, o.opcfamily, i.typispreferred
      FROM pg_catalog.pg_opclass o
      JOIN pg_catalog.pg_am m ON m.oid = o.opcmethod
      JOIN pg_catalog.pg_type i ON i.oid = o.opcintype
      WHERE m.amname = 'btree' AND o.opcdefault
    ), ordered AS (
      SELECT t.oid, tn.nspname, t.typname,
             (SELECT ARRAY[c.opcfamily, c.opcintype] FROM classes c
              WHERE c.opcintype = t.oid
                 OR (c.opcintype = 'pg_catalog.anyarray'::pg_catalog.regtype
                     AND t.typelem <> 0 AND t.typlen = -1 AND t.typcategory = 'A')
                 OR (c.opcintype = 'pg_catalog.anyenum'::pg_catalog.regtype AND t.typtype = 'e')
                 OR (c.opcintype = 'pg_catalog.anyrange'::pg_catalog.regtype AND t.typtype = 'r')
                 OR (c.opcintype::pg_catalog.regtype::pg_catalog.text ~ '(^|\\.)anymultirange$'
                     AND t.typtype = 'm')
                 OR (c.opcintype = 'pg_catalog.record'::pg_catalog.regtype AND t.typtype = 'c')
                 OR EXISTS (SELECT 1 FROM pg_catalog.pg_cast x
                            WHERE x.castsource = t.oid AND x.casttarget = c.opcintype
                              AND x.castmethod = 'b' AND x.castcontext = 'i')
              ORDER BY c.opcintype = t.oid DESC, c.typispreferred DESC LIMIT 1) AS class
      FROM (SELECT DISTINCT type FROM based) b
      JOIN pg_catalog.pg_type t ON t.oid = b.type AND t.typtype <> 'd'
      JOIN pg_catalog.pg_namespace tn ON tn.oid = t.typnamespace
    ), operators AS (
      SELECT o.oid, o.nspname, o.typname, p.amopstrategy, pn.nspname AS schema, op.oprname
      FROM ordered o
      LEFT JOIN pg_catalog.pg_amop p
        ON p.amopfamily = o.class[1] AND p.amoplefttype = o.class[2]
           AND p.amoprighttype = o.class[2] AND p.amopstrategy IN (3, 4, 5)
      LEFT JOIN pg_catalog.pg_operator op ON op.oid = p.amopopr
      LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = op.oprnamespace
    )
    SELECT b.relation, b.name, e.nspname, e.typname, e.schema, e.oprname, a.schema, a.oprname,
           q.schema, q.oprname, ln.nspname, l.collname
    FROM based b
    JOIN operators e ON e.oid = b.type AND e.amopstrategy = 4
    JOIN operators a ON a.oid = b.type AND a.amopstrategy = 5
    JOIN operators q ON q.oid = b.type AND q.amopstrategy = 3
    LEFT JOIN pg_catalog.pg_collation l ON l.oid = b.collated
    LEFT JOIN pg_catalog.pg_namespace ln ON ln.oid = l.collnamespace
    """
        .formatted(columns);
  }

  private final Map<Column, KeyOrder> orders = new HashMap<>();

  /// A column of a table.
  ///
  /// @param relation the table's number
  /// @param name the column's name
  record Column(long relation, String name) {}

  private KeyOrders() {}

  /// Reads how the columns are ordered.
  static KeyOrders read(Session session, Collection<Column> columns) throws SQLException {
    KeyOrders found = new KeyOrders();
    if (columns.isEmpty()) {
      return found;
    }
    String wanted =
        columns.stream()
            .map(column -> "(" + column.relation() + "," + Quote.text(column.name()) + ")")
            .collect(Collectors.joining(","));
    session
        .query(
            query(wanted),
            row -> Map.entry(new Column(row.getLong(1), row.getString(2)), order(row)))
        .forEach(entry -> found.orders.put(entry.getKey(), entry.getValue()));
    return found;
  }

  private static KeyOrder order(ResultSet row) throws SQLException {
    @Nullable String collation = row.getString(12);
    return new KeyOrder(
        Quote.name(row.getString(3)) + "." + Quote.name(row.getString(4)),
        operator(row.getString(5), row.getString(6)),
        operator(row.getString(7), row.getString(8)),
        operator(row.getString(9), row.getString(10)),
        collation == null ? "" : Quote.name(row.getString(11)) + "." + Quote.name(collation));
  }

  private static String operator(String schema, String name) {
    return "OPERATOR(" + Quote.name(schema) + "." + name + ")";
  }

  /// How a key's columns are ordered, if there is no [#problem].
  List<KeyOrder> of(long relation, List<String> names) {
    return names.stream()
        .map(name -> orders.get(new Column(relation, name)))
        .filter(Objects::nonNull)
        .toList();
  }

  /// Why streams cannot be read by their keys: the type of a column has no order. Those that can
  /// are left out.
  ///
  /// @param numbers the tables' numbers; a stream that has none is left out too
  public static Map<StreamName, String> problems(
      Session session, List<Stream> streams, Map<StreamName, Long> numbers) throws SQLException {
    List<Column> columns = new ArrayList<>();
    for (Stream stream : streams) {
      @Nullable Long number = numbers.get(stream.name());
      if (number != null) {
        stream.replicationKey().forEach(name -> columns.add(new Column(number, name)));
      }
    }
    KeyOrders orders = read(session, columns);
    Map<StreamName, String> problems = new HashMap<>();
    for (Stream stream : streams) {
      @Nullable Long number = numbers.get(stream.name());
      if (number != null) {
        orders.problem(number, stream).ifPresent(why -> problems.put(stream.name(), why));
      }
    }
    return problems;
  }

  /// Why a stream cannot be read by its key: the type of a column has no order.
  Optional<String> problem(long relation, Stream stream) {
    return KeyTypes.fields(stream).stream()
        .filter(field -> !orders.containsKey(new Column(relation, field.name())))
        .findFirst()
        .map(KeyTypes::noOrder);
  }
}
