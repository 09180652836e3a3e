package dev.tapline.sink.parquet.column;

import java.util.Arrays;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveComparator;
import org.apache.parquet.schema.PrimitiveType;

/// Minimum and maximum of binary values, in the type's order. Arrays have at least eight more bytes
/// after each value, and must not change until [#drainTo].
final class BinaryMinMax {
  private final boolean unsigned;
  private final Bound least = new Bound();
  private final Bound greatest = new Bound();
  private boolean empty = true;

  /// @param type the type that defines the order
  BinaryMinMax(PrimitiveType type) {
    this.unsigned =
        type.comparator().equals(PrimitiveComparator.UNSIGNED_LEXICOGRAPHICAL_BINARY_COMPARATOR);
  }

  /// Whether the order is that of unsigned bytes, the only one supported here.
  boolean isUnsigned() {
    return unsigned;
  }

  void add(byte[] data, int offset, int length) {
    long prefix = prefix(data, offset, length);
    if (empty) {
      empty = false;
      least.set(prefix, data, offset, length);
      greatest.set(prefix, data, offset, length);
    } else if (least.order(prefix, data, offset, length) < 0) {
      least.set(prefix, data, offset, length);
    } else if (greatest.order(prefix, data, offset, length) > 0) {
      greatest.set(prefix, data, offset, length);
    }
  }

  /// Adds minimum and maximum to statistics, and resets.
  void drainTo(Statistics<?> statistics) {
    if (!empty) {
      statistics.updateStats(Binary.fromConstantByteArray(least.drain()));
      statistics.updateStats(Binary.fromConstantByteArray(greatest.drain()));
    }
    empty = true;
  }

  private static long prefix(byte[] data, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    long bytes = PlainEncoding.getBigEndianLong(data, offset);
    return length >= Long.BYTES ? bytes : bytes & -1L << (Long.SIZE - Byte.SIZE * length);
  }

  /// A value in the array where it was found: of ascending values each is the maximum and would be
  /// copied.
  private static final class Bound {
    private long prefix;
    private byte[] data = {};
    private int start;
    private int end;

    void set(long valuePrefix, byte[] valueData, int offset, int length) {
      prefix = valuePrefix;
      data = valueData;
      start = offset;
      end = offset + length;
    }

    int order(long valuePrefix, byte[] valueData, int offset, int length) {
      int byPrefix = Long.compareUnsigned(valuePrefix, prefix);
      return byPrefix != 0
          ? byPrefix
          : Arrays.compareUnsigned(valueData, offset, offset + length, data, start, end);
    }

    byte[] drain() {
      byte[] value = Arrays.copyOfRange(data, start, end);
      data = new byte[0];
      return value;
    }
  }
}
