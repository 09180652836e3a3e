package dev.tapline.sink.parquet.column;

/// The levels of the next entry of a column (Parquet format, *Nested Encoding*). With `n`
/// dimensions a value has definition level `2n+1`, an element that is NULL `2n`, an empty list 1,
/// and no list 0; the repetition level is that of the innermost dimension that goes on. A column
/// that is no list has no dimension. One thread at a time.
public final class Nesting {
  /// The definition level of an empty list.
  public static final int EMPTY = 1;

  private int absent;
  private int repetition;
  private int[] lengths = {};

  /// Outside of lists.
  public Nesting() {}

  /// The definition level of a value.
  ///
  /// @param dimensions of the lists, 0 if it is none
  public static int present(int dimensions) {
    return 2 * dimensions + 1;
  }

  /// A list with elements begins.
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

  /// The list ends.
  public void end() {
    absent = 0;
    repetition = 0;
  }

  /// The definition level of NULL here.
  public int absent() {
    return absent;
  }

  /// The repetition level here.
  public int repetition() {
    return repetition;
  }
}
