package dev.tapline.sink.parquet.column;

import java.util.Arrays;

/// A dictionary of numbers of 4 or 8 bytes.
final class LongDictionary extends Dictionary {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final int width;
  private long[] values = new long[INITIAL_ENTRIES];

  /// @param width the bytes of a number in the PLAIN encoding, 4 or 8
  LongDictionary(int width) {
    this.width = width;
  }

  /// The index of a value, which is added if it is new.
  int indexOf(long value) {
    int mask = slots.length - 1;
    int slot = slot(value);
    for (int index = slots[slot]; index != 0; index = slots[slot]) {
      if (values[index - 1] == value) {
        return index - 1;
      }
      slot = (slot + 1) & mask;
    }
    if (size == values.length) {
      grow();
      return indexOf(value);
    }
    values[size] = value;
    slots[slot] = ++size;
    return size - 1;
  }

  @Override
  void clear() {
    super.clear();
    values = new long[INITIAL_ENTRIES];
  }

  @Override
  long heldBytes() {
    return super.heldBytes() + (long) values.length * Long.BYTES;
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
        PlainEncoding.putInt(page, i * width, (int) values[i]);
      } else {
        PlainEncoding.putLong(page, i * width, values[i]);
      }
    }
    return page;
  }

  // Both shifts matter: without them, equidistant numbers, such as keys from several servers, would
  // share few slots.
  private int slot(long value) {
    long mixed = value * GOLDEN;
    mixed ^= mixed >>> 32;
    return (int) (mixed ^ (mixed >>> 16)) & (slots.length - 1);
  }

  private void grow() {
    values = Arrays.copyOf(values, values.length * 2);
    slots = new int[slots.length * 2];
    int mask = slots.length - 1;
    for (int i = 0; i < size; i++) {
      int slot = slot(values[i]);
      while (slots[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = i + 1;
    }
  }
}
