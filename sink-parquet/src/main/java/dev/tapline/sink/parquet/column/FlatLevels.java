package dev.tapline.sink.parquet.column;

import java.util.ArrayList;
import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.statistics.SizeStatistics;
import org.apache.parquet.schema.PrimitiveType;

/// The definition levels of an optional field that is not a list, 1 or 0, in the RLE/bit-packing
/// hybrid (Parquet format, *Encodings*, RLE = 3).
final class FlatLevels implements Levels {
  private static final int GROUP = 8;

  /// The encoding that parquet-java records for absent repetition levels.
  @SuppressWarnings("deprecation")
  private static final Encoding NO_LEVELS = Encoding.BIT_PACKED;

  private byte[] absent = new byte[GROUP];
  private int absentRows;

  @Override
  public void absent(int row) {
    int index = row / GROUP;
    if (index >= absent.length) {
      absent = Arrays.copyOf(absent, Math.max(index + 1, absent.length * 2));
    }
    absent[index] |= (byte) (1 << (row % GROUP));
    absentRows++;
  }

  @Override
  public int absentEntries() {
    return absentRows;
  }

  @Override
  public int entries(int rows) {
    return rows;
  }

  @Override
  public BytesInput encode(int rows) {
    boolean uniform = absentRows == 0 || absentRows == rows;
    int groups = (rows + GROUP - 1) / GROUP;
    long header = uniform ? (long) rows << 1 : (long) groups << 1 | 1;
    int headerBytes = Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(header) + 6) / 7);
    int length = headerBytes + (uniform ? 1 : groups);
    byte[] encoded = new byte[Integer.BYTES + length];
    PlainEncoding.putInt(encoded, 0, length);
    int at = Integer.BYTES;
    for (int i = 1; i < headerBytes; i++) {
      encoded[at++] = (byte) (header | 0x80);
      header >>>= 7;
    }
    encoded[at++] = (byte) header;
    if (uniform) {
      encoded[at] = (byte) (absentRows == 0 ? 1 : 0);
    } else {
      int known = Math.min(groups, absent.length);
      for (int i = 0; i < known; i++) {
        encoded[at + i] = (byte) ~absent[i];
      }
      Arrays.fill(encoded, at + known, at + groups, (byte) -1);
      if (rows % GROUP != 0) {
        encoded[at + groups - 1] &= (byte) ((1 << rows % GROUP) - 1);
      }
    }
    return BytesInput.from(encoded);
  }

  @Override
  public Encoding repetitionEncoding() {
    return NO_LEVELS;
  }

  @Override
  public SizeStatistics sizes(PrimitiveType type, long unencodedBytes) {
    // No histograms: they would say no more than the numbers of rows and NULLs.
    return new SizeStatistics(type, unencodedBytes, new ArrayList<>(), new ArrayList<>());
  }

  @Override
  public long heldBytes() {
    return absent.length;
  }

  @Override
  public void clear() {
    if (absentRows > 0) {
      Arrays.fill(absent, (byte) 0);
      absentRows = 0;
    }
  }
}
