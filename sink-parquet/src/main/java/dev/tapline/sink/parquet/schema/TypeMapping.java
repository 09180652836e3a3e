package dev.tapline.sink.parquet.schema;

/// What a field's values become in a file.
///
/// @param kind what a value is, or an element of a list
/// @param precision the digits of a decimal
/// @param scale how many of them stand behind the point
/// @param dimensions 0 for a single value, else how deep lists are nested
/// @param rendered whether a [ValueType#STRING] holds the source's text form of something else
public record TypeMapping(
    ValueType kind, int precision, int scale, int dimensions, boolean rendered) {
  /// The most digits of a decimal that takes 16 bytes.
  public static final int WIDEST = 38;

  /// Values that need no more than their kind.
  public static TypeMapping of(ValueType kind) {
    return new TypeMapping(kind, 0, 0, 0, false);
  }

  /// Text of values that are something else at the source.
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
