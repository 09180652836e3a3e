package dev.tapline.sink.parquet.schema;

/// The type of a field in a file.
///
/// @param kind the type of a value, or of a list's elements
/// @param precision the precision of a decimal
/// @param scale the scale of a decimal
/// @param dimensions the depth of nested lists; 0 for a single value
/// @param asText whether a [ValueType#STRING] holds the text form of another type
public record FieldType(ValueType kind, int precision, int scale, int dimensions, boolean asText) {
  /// The maximum precision of a decimal, which takes 16 bytes.
  public static final int MAX_PRECISION = 38;

  /// A type without parameters.
  public static FieldType of(ValueType kind) {
    return new FieldType(kind, 0, 0, 0, false);
  }

  /// The text form of another type.
  public static FieldType text() {
    return new FieldType(ValueType.STRING, 0, 0, 0, true);
  }

  static FieldType decimal(int precision, int scale) {
    return new FieldType(ValueType.DECIMAL, precision, scale, 0, false);
  }

  FieldType inLists(int depth) {
    return new FieldType(kind, precision, scale, depth, asText);
  }

  /// The type of the elements of a list.
  public FieldType element() {
    return inLists(0);
  }
}
