package dev.tapline.spi.batch;

import dev.tapline.spi.catalog.DataType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Text, JSON, bytes, UUIDs, long decimals: values of differing length, one behind the other in one
/// array. Value `row` is `data()[start(row)]` up to, not with, `data()[end(row)]`.
public final class BytesColumn extends Column {
  private static final int FIRST_BYTES_PER_ROW = 16;

  private byte[] data;
  private int[] ends;

  BytesColumn(DataType type, int capacity) {
    super(type, capacity);
    data = new byte[Math.max(1, capacity) * FIRST_BYTES_PER_ROW];
    ends = new int[Math.max(1, capacity)];
  }

  /// Adds a row with a copy of `length` bytes.
  ///
  /// @throws OutOfMemoryError if the column would hold 2 GiB or more
  public void append(byte[] source, int offset, int length) {
    int start = reserve(length);
    System.arraycopy(source, offset, data, start, length);
    commit(start + length);
  }

  /// Adds a row with a copy of the bytes.
  public void append(byte[] value) {
    append(value, 0, value.length);
  }

  /// Adds a row with the text as UTF-8.
  public void append(String value) {
    append(value.getBytes(StandardCharsets.UTF_8));
  }

  /// Makes room for a value of up to `length` bytes, to be written straight into [#data()] and then
  /// ended by [#commit(int)].
  ///
  /// @return where in `data()` the value begins
  public int reserve(int length) {
    int start = used();
    long needed = (long) start + length;
    if (needed > data.length) {
      if (needed > Integer.MAX_VALUE - 8) {
        throw new OutOfMemoryError("a column of one batch would pass 2 GiB");
      }
      data =
          Arrays.copyOf(
              data,
              (int)
                  Math.min(
                      Integer.MAX_VALUE - 8,
                      // A single huge value must not make room for another one.
                      Math.max(needed, data.length + Math.min(data.length, MOST_AHEAD))));
    }
    return start;
  }

  /// Adds the row whose bytes were written since [#reserve(int)].
  ///
  /// @param end the index behind its last byte
  public void commit(int end) {
    int row = next();
    if (row == ends.length) {
      ends = Arrays.copyOf(ends, row * 2);
    }
    ends[row] = end;
  }

  /// The values of all rows. Valid until the next append; to be read only, apart from what
  /// [#reserve(int)] gave.
  public byte[] data() {
    return data;
  }

  /// The index of the row's first byte.
  public int start(int row) {
    return row == 0 ? 0 : ends[row - 1];
  }

  /// The index behind the row's last byte.
  public int end(int row) {
    return ends[row];
  }

  /// The row's bytes, copied.
  public byte[] get(int row) {
    return Arrays.copyOfRange(data, start(row), end(row));
  }

  /// The row's bytes as UTF-8 text.
  public String text(int row) {
    int start = start(row);
    return new String(data, start, end(row) - start, StandardCharsets.UTF_8);
  }

  @Override
  void appendValue(Column from, int row) {
    BytesColumn source = (BytesColumn) from;
    int start = source.start(row);
    append(source.data(), start, source.end(row) - start);
  }

  @Override
  public long payloadBytes() {
    return used();
  }

  @Override
  void appendPlaceholder() {
    commit(used());
  }

  @Override
  void cutTo(int rows) {
    if (rows == 0 && data.length > MAXIMUM_KEPT) {
      data = new byte[MAXIMUM_KEPT];
    }
  }

  // After one huge value the next batches must not drag its array along.
  private static final int MAXIMUM_KEPT = 16 << 20;

  private static final long MOST_AHEAD = 16L << 20;

  private int used() {
    return size() == 0 ? 0 : ends[size() - 1];
  }
}
