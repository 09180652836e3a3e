package dev.tapline.spi.catalog;

/// What a relation is, as far as replication cares.
public enum RelationKind {
  /// An ordinary table.
  TABLE("table"),
  /// A table whose rows are kept in partitions.
  PARTITIONED_TABLE("partitioned table"),
  /// A query under a name.
  VIEW("view"),
  /// A query whose result is stored.
  MATERIALIZED_VIEW("materialized view"),
  /// A table of another server.
  FOREIGN_TABLE("foreign table");

  private final String label;

  RelationKind(String label) {
    this.label = label;
  }

  /// The name for people.
  public String label() {
    return label;
  }

  /// Whether a pattern that names tables means it too. Views must be named as views.
  public boolean isTable() {
    return this != VIEW && this != MATERIALIZED_VIEW;
  }
}
