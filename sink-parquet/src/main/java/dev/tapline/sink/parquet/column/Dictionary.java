package dev.tapline.sink.parquet.column;

/// The words of a dictionary, each with the number of its place: a hash table with open addresses.
abstract class Dictionary {
  private static final int INITIAL_SLOTS = 16;

  /// How many words there is room for at first.
  static final int INITIAL_ENTRIES = INITIAL_SLOTS / 2;

  int size;

  /// The index of a word and 1; 0 where there is none. Twice as many as words, at least.
  int[] slots = new int[INITIAL_SLOTS];

  /// How many there are.
  final int size() {
    return size;
  }

  /// Forgets words that were added last. No others can be added then.
  final void truncate(int to) {
    size = to;
    slots = new int[0];
  }

  /// Forgets all words, and frees their memory.
  void clear() {
    size = 0;
    slots = new int[INITIAL_SLOTS];
  }

  /// How many bytes of memory they hold.
  long heldBytes() {
    return (long) slots.length * Integer.BYTES;
  }

  /// How many bytes they take in the PLAIN encoding.
  abstract int plainBytes();

  /// They in the PLAIN encoding.
  abstract byte[] plain();
}
