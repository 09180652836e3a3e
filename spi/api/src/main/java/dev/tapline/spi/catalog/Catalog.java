package dev.tapline.spi.catalog;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What a source offers to its user.
///
/// @param relations tables and views of which the user may read at least one field, ordered by name
/// @param findings what could not be looked at, and why: a table without the privilege to read it,
///   a database that refuses the connection
/// @param severalDatabases whether relations of more than one database may be among them, so that
///   names without the database would be ambiguous, today or tomorrow
public record Catalog(List<Relation> relations, List<Finding> findings, boolean severalDatabases) {

  /// Copies the lists and puts the relations in order.
  public Catalog {
    relations = relations.stream().sorted(Comparator.comparing(Relation::name)).toList();
    findings = List.copyOf(findings);
  }

  /// A catalog that spans several databases if its relations do.
  public Catalog(List<Relation> relations, List<Finding> findings) {
    this(
        relations,
        findings,
        relations.stream().map(relation -> relation.name().database()).distinct().count() > 1);
  }

  /// The relation of a name.
  public Optional<Relation> find(StreamName name) {
    return relations.stream().filter(relation -> relation.name().equals(name)).findFirst();
  }
}
