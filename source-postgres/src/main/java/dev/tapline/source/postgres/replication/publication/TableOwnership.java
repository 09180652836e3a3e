package dev.tapline.source.postgres.replication.publication;

import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.source.postgres.connection.Session;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which tables the user may publish: only the owner of a table may.
final class TableOwnership {
  private final Session session;

  TableOwnership(Session session) {
    this.session = session;
  }

  /// Says which statement publishes a table.
  interface Statement {
    String of(Table table) throws SQLException;
  }

  /// Those of the tables that the user may not publish, they or what is beneath them, with the
  /// reason and the statement.
  Map<Table, String> refusals(Collection<Table> tables, Statement statement) throws SQLException {
    Map<Long, String> strangers = strangers(tables);
    Map<Table, String> refusals = new LinkedHashMap<>();
    for (Table table : tables) {
      for (Table member : table.withDescendants()) {
        @Nullable String owner = strangers.get(member.facts().oid());
        // A partition is published with its root.
        if (owner != null && (member.isSameAs(table) || !member.facts().partition())) {
          refusals.put(
              table,
              "user '%s' may not publish it: %s belongs to '%s'; have a superuser run this: %s"
                  .formatted(
                      session.user(),
                      member.isSameAs(table) ? "it" : member.facts().quoted(),
                      owner,
                      statement.of(table)));
          break;
        }
      }
    }
    return refusals;
  }

  private Map<Long, String> strangers(Collection<Table> tables) throws SQLException {
    Map<Long, String> strangers = new HashMap<>();
    session
        .query(
            """
            SELECT c.oid, pg_catalog.pg_get_userbyid(c.relowner) FROM pg_catalog.pg_class c
            WHERE c.oid = ANY ('{%s}') AND NOT pg_catalog.pg_has_role(c.relowner, 'USAGE')
            """
                .formatted(oids(tables)),
            row -> Map.entry(row.getLong(1), row.getString(2)))
        .forEach(entry -> strangers.put(entry.getKey(), entry.getValue()));
    return strangers;
  }

  /// The numbers of the tables from which others inherit, or have.
  Set<Long> parents(Collection<Table> tables) throws SQLException {
    return new HashSet<>(
        session.query(
            "SELECT c.oid FROM pg_catalog.pg_class c WHERE c.relhassubclass AND c.relkind = 'r' AND c.oid = ANY ('{%s}')"
                .formatted(oids(tables)),
            row -> row.getLong(1)));
  }

  private static String oids(Collection<Table> tables) {
    Set<Long> oids = new TreeSet<>();
    tables.forEach(
        table -> table.withDescendants().forEach(member -> oids.add(member.facts().oid())));
    return oids.stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}
