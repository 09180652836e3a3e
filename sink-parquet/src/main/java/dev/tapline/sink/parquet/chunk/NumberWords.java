package dev.tapline.sink.parquet.chunk;

import java.util.Arrays;

/// A dictionary of numbers.
final class NumberWords extends Words {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final int width;
  private long[] words = new long[FIRST_WORDS];

  /// @param width of a number in the PLAIN encoding, 4 or 8 bytes
  NumberWords(int width) {
    this.width = width;
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

  @Override
  void clear() {
    super.clear();
    words = new long[FIRST_WORDS];
  }

  @Override
  long heldBytes() {
    return super.heldBytes() + (long) words.length * Long.BYTES;
  }

  @Override
  int plainBytes() {
    return size * width;
  }

  @Override
  byte[] plain() {
    byte[] page = new byte[plainBytes()];
    for (int i = 0; i < size; i++) {
      if (width == Integer.BYTES) {
        Plain.putInt(page, i * width, (int) words[i]);
      } else {
        Plain.putLong(page, i * width, words[i]);
      }
    }
    return page;
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
