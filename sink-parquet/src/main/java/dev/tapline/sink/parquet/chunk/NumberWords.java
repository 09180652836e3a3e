package dev.tapline.sink.parquet.chunk;

import java.util.Arrays;

/// A dictionary of numbers: a hash table with open addresses.
final class NumberWords {
  private static final int FIRST_SLOTS = 16;
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private long[] words = new long[FIRST_SLOTS / 2];
  private int size;

  /// The index of a word and 1; 0 where there is none. Twice as many as words, at least.
  private int[] slots = new int[FIRST_SLOTS];

  int size() {
    return size;
  }

  long get(int index) {
    return words[index];
  }

  /// The number of a word, which is new if it is the greatest.
  int indexOf(long word) {
    int mask = slots.length - 1;
    int slot = slot(word);
    for (int index = slots[slot]; index != 0; index = slots[slot]) {
      if (words[index - 1] == word) {
        return index - 1;
      }
      slot = (slot + 1) & mask;
    }
    if (size == words.length) {
      grow();
      return indexOf(word);
    }
    words[size] = word;
    slots[slot] = ++size;
    return size - 1;
  }

  /// Forgets words that were added last. No others can be added then.
  void truncate(int to) {
    size = to;
    slots = new int[0];
  }

  /// How many bytes of memory it holds.
  long heldBytes() {
    return (long) words.length * Long.BYTES + (long) slots.length * Integer.BYTES;
  }

  // Both shifts count: numbers at some distances, as keys that several servers draw, would crowd
  // in a few slots without them.
  private int slot(long word) {
    long mixed = word * GOLDEN;
    mixed ^= mixed >>> 32;
    return (int) (mixed ^ (mixed >>> 16)) & (slots.length - 1);
  }

  private void grow() {
    words = Arrays.copyOf(words, words.length * 2);
    slots = new int[slots.length * 2];
    int mask = slots.length - 1;
    for (int i = 0; i < size; i++) {
      int slot = slot(words[i]);
      while (slots[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = i + 1;
    }
  }
}
