package dev.tapline.sink.jdbc.table;

import dev.tapline.sink.jdbc.dialect.api.ColumnType;
import dev.tapline.sink.jdbc.dialect.api.TableColumn;
import dev.tapline.spi.catalog.DataType;
import java.util.Optional;

/// A column of a planned table.
///
/// @param name its name
/// @param valueType the type of its values in a batch
/// @param type its type in the database
/// @param nullable whether it may be NULL
/// @param metadata what it holds, if it is a metadata column
public record PlannedColumn(
    String name,
    DataType valueType,
    ColumnType type,
    boolean nullable,
    Optional<MetadataField> metadata) {

  TableColumn inTable() {
    return new TableColumn(name, type, nullable);
  }

  /// The column in a staging table, where all columns may be NULL.
  public TableColumn staged() {
    return new TableColumn(name, type, true);
  }
}
