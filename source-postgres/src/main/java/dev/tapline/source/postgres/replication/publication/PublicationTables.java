package dev.tapline.source.postgres.replication.publication;

import dev.tapline.source.postgres.catalog.CatalogText;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.sql.Quote;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The tables that one of our publications has, and those that it should have.
///
/// @param publication its name, quoted
/// @param creation what follows its tables in the statements that make it; empty when it is there
/// @param wanted the tables that it shall have, as a statement names them, by number
/// @param present those that it has
record PublicationTables(
    String publication, String creation, Map<Long, String> wanted, Map<Long, String> present) {
  // A statement locks every table that it names, and a server has room for some thousands of locks.
  private static final int AT_ONCE = 500;

  /// The tables that a publication has, as a statement names each alone, by number.
  static Map<Long, String> present(Session session, String publication) throws SQLException {
    Map<Long, String> present = new LinkedHashMap<>();
    CatalogText text = CatalogText.of(session);
    session
        .query(
            """
            SELECT r.prrelid, %s, %s
            FROM pg_catalog.pg_publication_rel r
            JOIN pg_catalog.pg_publication p ON p.oid = r.prpubid
            JOIN pg_catalog.pg_class c ON c.oid = r.prrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE p.pubname = %s
            """
                .formatted(text.sql("n.nspname"), text.sql("c.relname"), Quote.text(publication)),
            row ->
                Map.entry(
                    row.getLong(1),
                    "ONLY " + Quote.name(text.read(row, 2)) + "." + Quote.name(text.read(row, 3))))
        .forEach(entry -> present.put(entry.getKey(), entry.getValue()));
    return present;
  }

  /// The statements that lead from one to the other, those together that belong into one
  /// transaction.
  static List<String> changes(List<PublicationTables> memberships) {
    if (memberships.stream().anyMatch(PublicationTables::isLarge)) {
      return gradually(memberships);
    }
    // All in one, so that a table that moves from one to the other is never in neither.
    String statements =
        memberships.stream()
            .map(PublicationTables::change)
            .filter(change -> !change.isEmpty())
            .collect(Collectors.joining(" "));
    return statements.isEmpty() ? List.of() : List.of(statements);
  }

  /// The same in small steps. A table that moves from one to the other is in both for a while.
  static List<String> gradually(List<PublicationTables> memberships) {
    List<String> transactions = new ArrayList<>(creations(memberships));
    for (PublicationTables membership : memberships) {
      transactions.addAll(membership.steps("ADD", membership.wanted(), membership.present()));
    }
    for (PublicationTables membership : memberships) {
      transactions.addAll(membership.steps("DROP", membership.present(), membership.wanted()));
    }
    return transactions;
  }

  /// Makes those that are missing, without tables.
  static List<String> creations(List<PublicationTables> memberships) {
    return memberships.stream()
        .filter(membership -> !membership.creation().isEmpty())
        .map(membership -> membership.create(""))
        .toList();
  }

  private boolean isLarge() {
    return wanted.size() > AT_ONCE || present.size() > AT_ONCE;
  }

  private String create(String tables) {
    return "CREATE PUBLICATION " + publication + tables + creation;
  }

  // By ADD and DROP: SET asks for the ownership of every table that it names, of those too that are
  // there.
  private String change() {
    if (!creation.isEmpty()) {
      return create(wanted.isEmpty() ? "" : " FOR TABLE " + String.join(", ", wanted.values()));
    }
    List<String> steps = new ArrayList<>(steps("ADD", wanted, present));
    steps.addAll(steps("DROP", present, wanted));
    return String.join(" ", steps);
  }

  private List<String> steps(String change, Map<Long, String> some, Map<Long, String> without) {
    List<String> names =
        some.entrySet().stream()
            .filter(entry -> !without.containsKey(entry.getKey()))
            .map(Map.Entry::getValue)
            .toList();
    List<String> steps = new ArrayList<>();
    for (int i = 0; i < names.size(); i += AT_ONCE) {
      steps.add(
          "ALTER PUBLICATION %s %s TABLE %s;"
              .formatted(
                  publication,
                  change,
                  String.join(", ", names.subList(i, Math.min(names.size(), i + AT_ONCE)))));
    }
    return steps;
  }
}
