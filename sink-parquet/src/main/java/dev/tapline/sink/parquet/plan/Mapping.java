package dev.tapline.sink.parquet.plan;

/// What a field's values become in a file.
///
/// @param kind what a value is, or an element of a list
/// @param precision the digits of a decimal
/// @param scale how many of them stand behind the point
/// @param dimensions 0 for a single value, else how deep lists are nested
/// @param rendered whether a [Kind#STRING] holds the source's text form of something else
public record Mapping(Kind kind, int precision, int scale, int dimensions, boolean rendered) {
  /// The most digits of a decimal that takes 16 bytes.
  public static final int WIDEST = 38;

  /// Values that need no more than their kind.
  public static Mapping of(Kind kind) {
    return new Mapping(kind, 0, 0, 0, false);
  }

  /// Text of values that are something else at the source.
  public static Mapping text() {
    return new Mapping(Kind.STRING, 0, 0, 0, true);
  }

  static Mapping decimal(int precision, int scale) {
    return new Mapping(Kind.DECIMAL, precision, scale, 0, false);
  }

  Mapping inLists(int depth) {
    return new Mapping(kind, precision, scale, depth, rendered);
  }

  /// The mapping of the elements of a list.
  public Mapping element() {
    return inLists(0);
  }
}
