package dev.tapline.sink.parquet.column;

import java.util.Arrays;

/// A dictionary of binary values. Arrays have at least eight more bytes after each value, since
/// values are read eight bytes at a time.
final class BinaryDictionary extends Dictionary {
  private static final int INITIAL_BYTES = 128;
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final int prefix;
  private byte[] bytes = new byte[INITIAL_BYTES];
  private int[] ends = new int[INITIAL_ENTRIES];
  private long[] hashes = new long[INITIAL_ENTRIES];

  /// @param prefix the bytes before a value in the PLAIN encoding: 4 with its length, or 0
  BinaryDictionary(int prefix) {
    this.prefix = prefix;
  }

  int start(int index) {
    return index == 0 ? 0 : ends[index - 1];
  }

  int end(int index) {
    return ends[index];
  }

  byte[] bytes() {
    return bytes;
  }

  /// The index of a value, which is added if it is new.
  int indexOf(byte[] data, int offset, int length) {
    long hash = hash(data, offset, length);
    int mask = slots.length - 1;
    int slot = slot(hash);
    for (int index = slots[slot]; index != 0; index = slots[slot]) {
      if (hashes[index - 1] == hash
          && Arrays.equals(
              bytes, start(index - 1), ends[index - 1], data, offset, offset + length)) {
        return index - 1;
      }
      slot = (slot + 1) & mask;
    }
    if (size == ends.length) {
      grow();
      return indexOf(data, offset, length);
    }
    add(data, offset, length, hash);
    slots[slot] = size;
    return size - 1;
  }

  @Override
  void clear() {
    super.clear();
    bytes = new byte[INITIAL_BYTES];
    ends = new int[INITIAL_ENTRIES];
    hashes = new long[INITIAL_ENTRIES];
  }

  @Override
  long heldBytes() {
    return super.heldBytes() + bytes.length + (long) ends.length * (Integer.BYTES + Long.BYTES);
  }

  @Override
  int plainBytes() {
    return size == 0 ? 0 : ends[size - 1] + size * prefix;
  }

  @Override
  byte[] plain() {
    byte[] page = new byte[plainBytes()];
    int at = 0;
    for (int i = 0; i < size; i++) {
      int count = end(i) - start(i);
      if (prefix > 0) {
        PlainEncoding.putInt(page, at, count);
      }
      System.arraycopy(bytes, start(i), page, at + prefix, count);
      at += prefix + count;
    }
    return page;
  }

  private void add(byte[] data, int offset, int length, long hash) {
    int start = size == 0 ? 0 : ends[size - 1];
    int needed = start + length + Long.BYTES;
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(needed, bytes.length * 2));
    }
    System.arraycopy(data, offset, bytes, start, length);
    ends[size] = start + length;
    hashes[size] = hash;
    size++;
  }

  private int slot(long hash) {
    return (int) (hash >>> (Long.numberOfLeadingZeros(slots.length) + 1));
  }

  private void grow() {
    ends = Arrays.copyOf(ends, ends.length * 2);
    hashes = Arrays.copyOf(hashes, hashes.length * 2);
    slots = new int[slots.length * 2];
    int mask = slots.length - 1;
    for (int i = 0; i < size; i++) {
      int slot = slot(hashes[i]);
      while (slots[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = i + 1;
    }
  }

  private static long hash(byte[] data, int offset, int length) {
    long hash = length;
    int end = offset + length;
    int at = offset;
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      hash = mix(hash, PlainEncoding.getLong(data, at));
    }
    if (at < end) {
      hash = mix(hash, PlainEncoding.getLong(data, at) << (Long.SIZE - Byte.SIZE * (end - at)));
    }
    return hash * GOLDEN;
  }

  private static long mix(long hash, long word) {
    long mixed = (hash ^ word) * GOLDEN;
    return mixed ^ (mixed >>> 32);
  }
}
