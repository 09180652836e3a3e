package dev.tapline.source.postgres.replication.routing;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A table as a message of the log describes it: its rows come in this form until the next
/// description. Instances are compared by identity: what belongs to one is found by it.
public final class RelationSchema {
  private final Description description;

  private record Description(
      long oid, String namespace, String name, List<RelationColumn> columns, boolean whole) {}

  /// @param oid its number, or 0 where the log does not say
  /// @param namespace its schema
  /// @param name its name
  /// @param columns the columns, in the order in which rows have them
  /// @param whole whether old rows come whole (replica identity FULL)
  public RelationSchema(
      long oid, String namespace, String name, List<RelationColumn> columns, boolean whole) {
    description = new Description(oid, namespace, name, List.copyOf(columns), whole);
  }

  /// A column.
  ///
  /// @param name its name
  /// @param type the number of its type
  /// @param modifier its `atttypmod`
  /// @param identity whether it belongs to the replica identity
  public record RelationColumn(String name, long type, int modifier, boolean identity) {}

  /// The table's number, or 0.
  public long oid() {
    return description.oid();
  }

  /// The table's schema.
  public String namespace() {
    return description.namespace();
  }

  /// The table's name.
  public String name() {
    return description.name();
  }

  /// The columns, in the order in which rows have them.
  public List<RelationColumn> columns() {
    return description.columns();
  }

  /// Whether old rows come whole.
  public boolean whole() {
    return description.whole();
  }

  /// Whether another one says the same.
  public boolean saysTheSameAs(@Nullable RelationSchema other) {
    return other != null && description.equals(other.description);
  }
}
