package dev.tapline.sink.parquet.column;

/// The dictionary of a chunk: its values and their indices, in a hash table with open addressing.
abstract class Dictionary {
  private static final int INITIAL_SLOTS = 16;

  /// The initial capacity.
  static final int INITIAL_ENTRIES = INITIAL_SLOTS / 2;

  int size;

  /// The index of a value plus 1, or 0 in a free slot. At least half of the slots are free.
  int[] slots = new int[INITIAL_SLOTS];

  /// The number of values.
  final int size() {
    return size;
  }

  /// Removes the values added last. None can be added afterwards.
  final void truncate(int to) {
    size = to;
    slots = new int[0];
  }

  /// Removes all values and frees their memory.
  void clear() {
    size = 0;
    slots = new int[INITIAL_SLOTS];
  }

  /// The memory used, in bytes.
  long heldBytes() {
    return (long) slots.length * Integer.BYTES;
  }

  /// The size of the values in the PLAIN encoding.
  abstract int plainBytes();

  /// The values in the PLAIN encoding.
  abstract byte[] plain();
}
