package dev.tapline.sink.parquet.column;

import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/// A chunk of BINARY values, each after its length in four bytes, or of FIXED_LEN_BYTE_ARRAY
/// values.
final class BinaryColumnChunk extends PagedColumnChunk {
  private final int prefix;
  private final int fixedLength;
  private final BinaryDictionary dictionary;
  private final BinaryMinMax range;
  private final BitSet seen = new BitSet();

  BinaryColumnChunk(ColumnDescriptor column, ParquetProperties properties, PageWriter pages) {
    boolean fixed =
        column.getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
    int lengthBytes = fixed ? 0 : Integer.BYTES;
    BinaryDictionary binaryDictionary = new BinaryDictionary(lengthBytes);
    super(column, properties, pages, binaryDictionary);
    this.prefix = lengthBytes;
    this.dictionary = binaryDictionary;
    this.fixedLength = fixed ? type.getTypeLength() : 0;
    this.range = new BinaryMinMax(type);
  }

  @Override
  public void bytes(byte[] bytes, int offset, int count) throws IOException {
    if (prefix > 0) {
      next(prefix + count);
      PlainEncoding.putInt(data, length, count);
    } else if (count == fixedLength) {
      next(count);
    } else {
      throw new IllegalArgumentException("a value of " + count + " bytes in the column " + type);
    }
    System.arraycopy(bytes, offset, data, length + prefix, count);
    length += prefix + count;
  }

  @Override
  boolean lookUpValues() {
    int most = properties.getDictionaryPageSizeThreshold();
    int last = -1;
    int lastStart = 0;
    int lastEnd = 0;
    int start = prefix;
    for (int i = 0; i < values; i++) {
      int end = start + lengthAt(start);
      if (last < 0 || !Arrays.equals(data, lastStart, lastEnd, data, start, end)) {
        // A value that is too large by itself is not even copied.
        last = end - start > most ? -1 : dictionary.indexOf(data, start, end - start);
        if (last < 0 || dictionary.plainBytes() > most) {
          return false;
        }
        lastStart = start;
        lastEnd = end;
        seen.set(last);
      }
      indices[i] = last;
      start = end + prefix;
    }
    return true;
  }

  @Override
  void describe(Statistics<?> statistics, boolean lookedUp) {
    if (!range.isUnsigned()) {
      describeBy(statistics);
    } else if (lookedUp) {
      byte[] bytes = dictionary.bytes();
      for (int i = seen.nextSetBit(0); i >= 0; i = seen.nextSetBit(i + 1)) {
        range.add(bytes, dictionary.start(i), dictionary.end(i) - dictionary.start(i));
      }
    } else {
      int start = prefix;
      for (int i = 0; i < values; i++) {
        int count = lengthAt(start);
        range.add(data, start, count);
        start += count + prefix;
      }
    }
    seen.clear();
    range.drainTo(statistics);
  }

  // By parquet-java, in the order that it defines for the type.
  private void describeBy(Statistics<?> statistics) {
    int start = prefix;
    for (int i = 0; i < values; i++) {
      int count = lengthAt(start);
      statistics.updateStats(Binary.fromReusedByteArray(data, start, count));
      start += count + prefix;
    }
  }

  @Override
  long unencodedBytes() {
    return prefix == 0 ? 0 : length - (long) values * prefix;
  }

  private int lengthAt(int start) {
    return prefix == 0 ? fixedLength : PlainEncoding.getInt(data, start - prefix);
  }
}
