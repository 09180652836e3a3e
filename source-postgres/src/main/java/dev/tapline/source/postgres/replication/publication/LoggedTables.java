package dev.tapline.source.postgres.replication.publication;

import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.source.postgres.connection.Session;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Whether changes of a table, and of everything beneath it, are written to the log at all.
///
/// @param unlogged the numbers of tables that write no log
public record LoggedTables(Set<Long> unlogged) {
  /// Copies the set.
  public LoggedTables {
    unlogged = Set.copyOf(unlogged);
  }

  /// Why a stream cannot follow the log.
  ///
  /// @param problem what is so
  /// @param remedy what to do
  public record Refusal(String problem, String remedy) {
    /// As one sentence.
    public String said() {
      return problem + "; " + remedy;
    }
  }

  /// Looks at tables and at what is beneath them.
  public static LoggedTables of(Session session, Collection<Table> tables) throws SQLException {
    Set<Long> oids = new TreeSet<>();
    tables.forEach(
        table -> table.withDescendants().forEach(member -> oids.add(member.facts().oid())));
    return new LoggedTables(
        new HashSet<>(
            session.query(
                "SELECT c.oid FROM pg_catalog.pg_class c WHERE c.relpersistence = 'u' AND c.oid = ANY ('{%s}')"
                    .formatted(oids.stream().map(String::valueOf).collect(Collectors.joining(","))),
                row -> row.getLong(1))));
  }

  /// Why a stream of this table cannot follow the log; nothing if it can.
  ///
  /// @param published whether the log is read through a publication
  public Optional<Refusal> refusal(Table table, boolean published) {
    for (Table member : table.withDescendants()) {
      String subject =
          member.isSameAs(table)
              ? "it is "
              : "its %s %s is "
                  .formatted(
                      member.facts().partition() ? "partition" : "child table",
                      member.facts().quoted());
      if (member.facts().kind() == 'f') {
        return Optional.of(
            new Refusal(
                subject + "a foreign table, of which the log knows nothing",
                "give it method: FULL_TABLE"));
      }
      if (unlogged.contains(member.facts().oid())) {
        return Optional.of(
            new Refusal(
                subject + "unlogged: the log tells nothing of it",
                "ALTER TABLE %s SET LOGGED; or give it method: FULL_TABLE"
                    .formatted(member.facts().quoted())));
      }
      if (published && member.facts().isOfServer()) {
        return Optional.of(
            new Refusal(
                (member.isSameAs(table) ? "it" : subject.substring(0, subject.length() - 4))
                    + " was made when the server was set up, and PostgreSQL publishes no such table",
                "give it method: FULL_TABLE"));
      }
    }
    return Optional.empty();
  }
}
