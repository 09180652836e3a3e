package dev.tapline.sink.parquet.chunk;

import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/// Values of bytes: of differing length, which stands before each in four bytes, or of the same.
final class BytesChunk extends PlainChunk {
  private final int prefix;
  private final int fixedLength;
  private BytesWords words = new BytesWords();
  private final ByteRange range;
  private final BitSet seen = new BitSet();

  BytesChunk(ColumnDescriptor column, ParquetProperties properties, PageWriter pages) {
    super(column, properties, pages);
    boolean fixed = type.getPrimitiveTypeName() == PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY;
    this.prefix = fixed ? 0 : Integer.BYTES;
    this.fixedLength = fixed ? type.getTypeLength() : 0;
    this.range = new ByteRange(type);
  }

  @Override
  public void bytes(byte[] bytes, int offset, int count) throws IOException {
    if (prefix > 0) {
      next(prefix + count);
      Plain.putInt(data, length, count);
    } else if (count == fixedLength) {
      next(count);
    } else {
      throw new IllegalArgumentException("a value of " + count + " bytes in the column " + type);
    }
    System.arraycopy(bytes, offset, data, length + prefix, count);
    length += prefix + count;
  }

  @Override
  @Nullable BytesInput lookUp() throws IOException {
    if (indices.length < values) {
      indices = new int[values];
    }
    int most = properties.getDictionaryPageSizeThreshold();
    int before = words.size();
    int last = -1;
    int lastStart = 0;
    int lastEnd = 0;
    int start = prefix;
    for (int i = 0; i < values; i++) {
      int end = start + lengthAt(start);
      if (last < 0 || !Arrays.equals(data, lastStart, lastEnd, data, start, end)) {
        // What is too large by itself is not even copied.
        last = end - start > most ? -1 : words.indexOf(data, start, end - start);
        if (last < 0 || dictionaryBytes() > most) {
          words.truncate(before);
          return null;
        }
        lastStart = start;
        lastEnd = end;
        seen.set(last);
      }
      indices[i] = last;
      start = end + prefix;
    }
    return Indices.encode(
        indices,
        values,
        words.size(),
        properties.getPageSizeThreshold(),
        properties.getAllocator());
  }

  @Override
  void describe(Statistics<?> statistics, boolean lookedUp) {
    if (!range.isUnsigned()) {
      describeBy(statistics);
    } else if (lookedUp) {
      byte[] bytes = words.bytes();
      for (int i = seen.nextSetBit(0); i >= 0; i = seen.nextSetBit(i + 1)) {
        range.add(bytes, words.start(i), words.end(i) - words.start(i));
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

  // By the library, in the order that the type has there.
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

  @Override
  int words() {
    return words.size();
  }

  @Override
  void forget() {
    words = new BytesWords();
  }

  @Override
  long dictionaryHeld() {
    return words.heldBytes();
  }

  @Override
  int dictionaryBytes() {
    int size = words.size();
    return size == 0 ? 0 : words.end(size - 1) + size * prefix;
  }

  @Override
  byte[] dictionaryPage() {
    byte[] page = new byte[dictionaryBytes()];
    int at = 0;
    for (int i = 0; i < words.size(); i++) {
      int count = words.end(i) - words.start(i);
      if (prefix > 0) {
        Plain.putInt(page, at, count);
      }
      System.arraycopy(words.bytes(), words.start(i), page, at + prefix, count);
      at += prefix + count;
    }
    return page;
  }

  private int lengthAt(int start) {
    return prefix == 0 ? fixedLength : Plain.getInt(data, start - prefix);
  }
}
