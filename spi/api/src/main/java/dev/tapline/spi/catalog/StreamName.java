package dev.tapline.spi.catalog;

import java.util.Comparator;

/// What identifies a table, view or other stream within a source. The three parts are the names as
/// the source has them, unquoted, in its own letter case.
///
/// @param database the database, or the source's nearest idea of one
/// @param namespace the schema within the database
/// @param name the table or view
public record StreamName(String database, String namespace, String name)
    implements Comparable<StreamName> {

  private static final Comparator<StreamName> ORDER =
      Comparator.comparing(StreamName::database)
          .thenComparing(StreamName::namespace)
          .thenComparing(StreamName::name);

  /// `database.namespace.name`.
  public String qualified() {
    return database + "." + this;
  }

  @Override
  public int compareTo(StreamName other) {
    return ORDER.compare(this, other);
  }

  /// `namespace.name`, as people write it.
  @Override
  public String toString() {
    return namespace + "." + name;
  }
}
