package dev.tapline.sink.parquet.schema;

/// The type of a field in a file.
///
/// @param kind the type of a value, or of a list's elements
/// @param precision the precision of a decimal
/// @param scale the scale of a decimal
/// @param dimensions the depth of nested lists; 0 for a single value
/// @param rendered whether a [ValueType#STRING] holds the text form of another type
public record TypeMapping(
    ValueType kind, int precision, int scale, int dimensions, boolean rendered) {
  /// The maximum precision of a decimal, which takes 16 bytes.
  public static final int MAX_PRECISION = 38;

  /// A type without parameters.
  public static TypeMapping of(ValueType kind) {
    return new TypeMapping(kind, 0, 0, 0, false);
  }

  /// The text form of another type.
  public static TypeMapping text() {
    return new TypeMapping(ValueType.STRING, 0, 0, 0, true);
  }

  static TypeMapping decimal(int precision, int scale) {
    return new TypeMapping(ValueType.DECIMAL, precision, scale, 0, false);
  }

  TypeMapping inLists(int depth) {
    return new TypeMapping(kind, precision, scale, depth, rendered);
  }

  /// The mapping of the elements of a list.
  public TypeMapping element() {
    return inLists(0);
  }
}
