package dev.tapline.engine.select;

import dev.tapline.spi.catalog.StreamName;
import java.util.Collection;

/// What the streams of one run are called before people: `schema.table`, and with the database in
/// front where there are several, so that no two are called the same.
///
/// @param withDatabase whether the database is said
public record StreamLabels(boolean withDatabase) {

  /// Labels for these streams.
  public static StreamLabels of(Collection<StreamName> names) {
    return new StreamLabels(names.stream().map(StreamName::database).distinct().count() > 1);
  }

  /// What one is called.
  public String of(StreamName name) {
    return withDatabase ? name.qualified() : name.toString();
  }
}
