package dev.tapline.source.postgres.catalog;

import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;

/// A column that the user may read.
///
/// @param number its `attnum`
/// @param field what a stream shows of it
/// @param type how it is asked for and decoded
/// @param fillsOldRows whether rows that were there before the column may have a value of it: it
///   has a default, or is one of a view
public record Column(int number, Field field, ColumnType type, boolean fillsOldRows) {
  /// Whether it can hold NaN or an infinity, for which wal2json writes NULL. Domains come as text,
  /// and lose nothing.
  public boolean canBeNoNumber() {
    DataType shown = field.type();
    String name = field.sourceType();
    boolean number =
        shown == Scalar.FLOAT32 || shown == Scalar.FLOAT64 || shown instanceof DataType.Decimal;
    return number
        && (name.startsWith("numeric") || name.equals("real") || name.equals("double precision"));
  }
}
