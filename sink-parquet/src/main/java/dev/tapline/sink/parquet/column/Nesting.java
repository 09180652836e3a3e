package dev.tapline.sink.parquet.column;

/// Tracks the levels of the next entry of a column (Parquet format, *Nested Encoding*). With `n`
/// dimensions, the definition level of a value is `2n+1`, of a NULL element `2n`, of an empty list
/// 1, and of NULL 0; the repetition level is that of the innermost dimension that continues. A
/// column that is not a list has no dimensions. Not thread-safe.
public final class Nesting {
  /// The definition level of an empty list.
  public static final int EMPTY = 1;

  private int absent;
  private int repetition;
  private int[] lengths = {};

  /// Starts outside of a list.
  public Nesting() {}

  /// The definition level of a value.
  ///
  /// @param dimensions of the list, or 0 if the column is not a list
  public static int present(int dimensions) {
    return 2 * dimensions + 1;
  }

  /// Begins a list with elements.
  ///
  /// @param of the length of each dimension
  public void begin(int[] of) {
    lengths = of;
    absent = 2 * of.length;
  }

  /// @param index of the next element, the last dimension varying fastest
  public void element(int index) {
    int continued = lengths.length;
    int size = 1;
    for (int i = lengths.length - 1; i > 0; i--) {
      size *= lengths[i];
      if (index % size == 0) {
        continued = i;
      }
    }
    repetition = index == 0 ? 0 : continued;
  }

  /// Ends the list.
  public void end() {
    absent = 0;
    repetition = 0;
  }

  /// The definition level of NULL in this state.
  public int absent() {
    return absent;
  }

  /// The repetition level in this state.
  public int repetition() {
    return repetition;
  }
}
