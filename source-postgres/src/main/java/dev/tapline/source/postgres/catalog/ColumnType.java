package dev.tapline.source.postgres.catalog;

import dev.tapline.source.postgres.codec.WireFormat;
import dev.tapline.spi.catalog.DataType;

/// How the values of a column are selected, how they arrive, and which type they become.
///
/// @param type what they become
/// @param wire how they arrive, or how their elements do when `type` is a list
/// @param before what the query says in front of the column
/// @param after what it says behind it
public record ColumnType(DataType type, WireFormat wire, String before, String after) {
  private static final String TEXT = "::pg_catalog.text";
  private static final String TEXTS = "::pg_catalog.text[]";

  /// A column of which the binary form is asked for.
  static ColumnType binary(DataType type, WireFormat wire) {
    return new ColumnType(type, wire, "", "");
  }

  /// A column that the server casts to text.
  static ColumnType text(DataType type) {
    return new ColumnType(type, WireFormat.RAW, "", TEXT);
  }

  /// A column that the server writes by its type's output function: where that and the cast to text
  /// differ, the output is what everyone knows.
  ///
  /// @param function the output function, quoted
  static ColumnType output(DataType type, String function) {
    return new ColumnType(type, WireFormat.RAW, "pg_catalog.textin(" + function + "(", "))");
  }

  /// A column of arrays of this, where the element is asked for as `this` says.
  ColumnType asElement() {
    DataType list = new DataType.ListOf(type);
    if (after.isEmpty()) {
      return binary(list, wire);
    }
    return before.isEmpty()
        ? new ColumnType(list, wire, "", TEXTS)
        : new ColumnType(list, wire, "pg_catalog.textin(pg_catalog.array_out(", "))" + TEXTS);
  }

  /// Whether the binary form of the type itself is decoded, as `wire` says, with no help of the
  /// server.
  public boolean isNative() {
    return before.isEmpty() && after.isEmpty();
  }

  /// What the query says to have the column.
  ///
  /// @param column its quoted name
  public String expression(String column) {
    return before + column + after;
  }
}
