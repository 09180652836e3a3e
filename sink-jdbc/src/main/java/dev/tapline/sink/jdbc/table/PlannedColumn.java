package dev.tapline.sink.jdbc.table;

import dev.tapline.sink.jdbc.dialect.api.ColumnType;
import dev.tapline.sink.jdbc.dialect.api.TableColumn;
import dev.tapline.spi.catalog.DataType;
import java.util.Optional;

/// A column of a table.
///
/// @param name its name
/// @param valueType the type of its values in a batch
/// @param type its type in the database
/// @param nullable whether it may be NULL
/// @param delimiter what stands between the elements of lists where these are text
/// @param role what it says, if it is metadata
public record PlannedColumn(
    String name,
    DataType valueType,
    ColumnType type,
    boolean nullable,
    char delimiter,
    Optional<MetadataField> role) {

  TableColumn inTable() {
    return new TableColumn(name, type, nullable, delimiter);
  }

  /// As a column of a staging table, where everything may be NULL.
  public TableColumn staged() {
    return new TableColumn(name, type, true, delimiter);
  }
}
