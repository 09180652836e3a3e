package dev.tapline.source.postgres.log.publication;

import dev.tapline.source.postgres.catalog.Quote;
import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.source.postgres.connect.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The tables that a publication of ours has and those that it shall have.
///
/// @param publication its name, quoted
/// @param creation what follows its tables in the statements that make it; empty when it is there
/// @param listed the tables that it shall have, as a statement names them
/// @param wanted all that come with these, by number
/// @param present those that it has, by number
record Membership(
    String publication,
    String creation,
    List<Table> listed,
    Map<Long, String> wanted,
    Map<Long, String> present) {
  private static final int WITH_PARTITIONED_ROOTS = 130_000;

  // A statement locks every table that it names, and a server has room for some thousands of locks.
  private static final int AT_ONCE = 500;

  static Membership read(
      Session session, String publication, String creation, Collection<Table> tables)
      throws SQLException {
    List<Table> listed = listed(session.version(), tables);
    Map<Long, String> wanted = new LinkedHashMap<>();
    listed.forEach(table -> addWanted(table, wanted));
    return new Membership(
        Quote.name(publication), creation, listed, wanted, present(session, publication));
  }

  /// The tables that a publication has, by number.
  static Map<Long, String> present(Session session, String publication) throws SQLException {
    Map<Long, String> present = new LinkedHashMap<>();
    session
        .query(
            """
            SELECT r.prrelid,
                   pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname)
            FROM pg_catalog.pg_publication_rel r
            JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
            JOIN pg_catalog.pg_class c ON c.oid = r.prrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE p.pubname = %s
            """
                .formatted(Quote.text(publication)),
            row -> Map.entry(row.getLong(1), row.getString(2)))
        .forEach(entry -> present.put(entry.getKey(), entry.getValue()));
    return present;
  }

  /// The statements that lead from one to the other, those together that belong into one
  /// transaction.
  static List<String> changes(List<Membership> memberships) {
    if (memberships.stream().anyMatch(Membership::isLarge)) {
      return gradually(memberships);
    }
    // All in one, so that a table that moves from one to the other is never in neither.
    String statements =
        memberships.stream()
            .map(Membership::change)
            .filter(change -> !change.isEmpty())
            .collect(Collectors.joining(" "));
    return statements.isEmpty() ? List.of() : List.of(statements);
  }

  // A table that moves from one to the other is in both for a while.
  private static List<String> gradually(List<Membership> memberships) {
    List<String> transactions = new ArrayList<>();
    for (Membership membership : memberships) {
      if (!membership.creation().isEmpty()) {
        transactions.add(membership.create(""));
      }
    }
    for (Membership membership : memberships) {
      transactions.addAll(membership.steps("ADD", membership.wanted(), membership.present()));
    }
    for (Membership membership : memberships) {
      transactions.addAll(membership.steps("DROP", membership.present(), membership.wanted()));
    }
    return transactions;
  }

  private boolean isLarge() {
    return wanted.size() > AT_ONCE || present.size() > AT_ONCE;
  }

  private String create(String tables) {
    return "CREATE PUBLICATION " + publication + tables + creation;
  }

  private String change() {
    if (!creation.isEmpty()) {
      return create(listed.isEmpty() ? "" : " FOR TABLE " + names(listed));
    }
    if (wanted.keySet().equals(present.keySet())) {
      return "";
    }
    return listed.isEmpty()
        ? "ALTER PUBLICATION %s DROP TABLE %s;"
            .formatted(publication, String.join(", ", present.values()))
        : "ALTER PUBLICATION %s SET TABLE %s;".formatted(publication, names(listed));
  }

  private List<String> steps(String change, Map<Long, String> some, Map<Long, String> without) {
    List<String> names =
        some.entrySet().stream()
            .filter(entry -> !without.containsKey(entry.getKey()))
            .map(Map.Entry::getValue)
            .toList();
    List<String> steps = new ArrayList<>();
    for (int i = 0; i < names.size(); i += AT_ONCE) {
      List<String> few = names.subList(i, Math.min(names.size(), i + AT_ONCE));
      steps.add(
          "ALTER PUBLICATION %s %s TABLE ONLY %s;"
              .formatted(publication, change, String.join(", ONLY ", few)));
    }
    return steps;
  }

  // Before 13 a partitioned table cannot be published, but its leaves can.
  private static List<Table> listed(int version, Collection<Table> tables) {
    List<Table> listed = new ArrayList<>();
    tables.forEach(table -> addListed(version, table, listed));
    return listed;
  }

  private static void addListed(int version, Table table, List<Table> listed) {
    if (table.facts().kind() == 'p' && version < WITH_PARTITIONED_ROOTS) {
      table.children().forEach(child -> addListed(version, child, listed));
    } else {
      listed.add(table);
    }
  }

  // What inherits from a table is published with it, by its own name.
  private static void addWanted(Table table, Map<Long, String> wanted) {
    wanted.put(table.facts().oid(), table.facts().quoted());
    if (table.facts().kind() == 'r') {
      table.children().forEach(child -> addWanted(child, wanted));
    }
  }

  /// The tables' names, quoted.
  static String names(Collection<Table> tables) {
    return tables.stream().map(table -> table.facts().quoted()).collect(Collectors.joining(", "));
  }
}
