package dev.tapline.sink.parquet.chunk;

import java.util.Arrays;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveComparator;
import org.apache.parquet.schema.PrimitiveType;

/// The least and the greatest value of bytes, in the type's order. After a value its array has
/// eight bytes more.
final class ByteRange {
  private final boolean unsigned;
  private byte[] least = {};
  private byte[] greatest = {};
  private long leastPrefix;
  private long greatestPrefix;
  private boolean empty = true;

  /// @param type whose order it is
  ByteRange(PrimitiveType type) {
    this.unsigned =
        type.comparator().equals(PrimitiveComparator.UNSIGNED_LEXICOGRAPHICAL_BINARY_COMPARATOR);
  }

  /// Whether values can be compared here: as unsigned bytes, one after the other.
  boolean isUnsigned() {
    return unsigned;
  }

  void add(byte[] data, int offset, int length) {
    long prefix = prefix(data, offset, length);
    if (empty) {
      empty = false;
      least = Arrays.copyOfRange(data, offset, offset + length);
      greatest = least;
      leastPrefix = prefix;
      greatestPrefix = prefix;
      return;
    }
    if (order(prefix, leastPrefix, data, offset, length, least) < 0) {
      least = Arrays.copyOfRange(data, offset, offset + length);
      leastPrefix = prefix;
    } else if (order(prefix, greatestPrefix, data, offset, length, greatest) > 0) {
      greatest = Arrays.copyOfRange(data, offset, offset + length);
      greatestPrefix = prefix;
    }
  }

  /// Tells it, and begins anew.
  void drainTo(Statistics<?> statistics) {
    if (!empty) {
      statistics.updateStats(Binary.fromConstantByteArray(least));
      statistics.updateStats(Binary.fromConstantByteArray(greatest));
    }
    empty = true;
  }

  private static int order(
      long prefix, long boundPrefix, byte[] data, int offset, int length, byte[] bound) {
    int byPrefix = Long.compareUnsigned(prefix, boundPrefix);
    return byPrefix != 0
        ? byPrefix
        : Arrays.compareUnsigned(data, offset, offset + length, bound, 0, bound.length);
  }

  private static long prefix(byte[] data, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    long bytes = Plain.getBigEndianLong(data, offset);
    return length >= Long.BYTES ? bytes : bytes & -1L << (Long.SIZE - Byte.SIZE * length);
  }
}
