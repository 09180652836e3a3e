package dev.tapline.sink.parquet.column;

import java.io.IOException;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/// A chunk of numbers of 4 or 8 bytes.
final class NumericColumnChunk extends PagedColumnChunk {
  private final int width;
  private final LongDictionary dictionary;

  NumericColumnChunk(ColumnDescriptor column, ParquetProperties properties, PageWriter pages) {
    PrimitiveTypeName name = column.getPrimitiveType().getPrimitiveTypeName();
    int bytes =
        name == PrimitiveTypeName.INT32 || name == PrimitiveTypeName.FLOAT
            ? Integer.BYTES
            : Long.BYTES;
    LongDictionary longDictionary = new LongDictionary(bytes);
    super(column, properties, pages, longDictionary);
    this.width = bytes;
    this.dictionary = longDictionary;
  }

  @Override
  public void int32(int value) throws IOException {
    next(Integer.BYTES);
    PlainEncoding.putInt(data, length, value);
    length += Integer.BYTES;
  }

  @Override
  public void int64(long value) throws IOException {
    next(Long.BYTES);
    PlainEncoding.putLong(data, length, value);
    length += Long.BYTES;
  }

  @Override
  public void float32(float value) throws IOException {
    int32(Float.floatToRawIntBits(value));
  }

  @Override
  public void float64(double value) throws IOException {
    int64(Double.doubleToRawLongBits(value));
  }

  @Override
  public void decimal(long unscaled) throws IOException {
    if (width == Integer.BYTES) {
      int32((int) unscaled);
    } else {
      int64(unscaled);
    }
  }

  @Override
  boolean lookUpValues() {
    int most = properties.getDictionaryPageSizeThreshold() / width;
    long last = 0;
    int found = -1;
    for (int i = 0; i < values; i++) {
      long value = value(i);
      if (found < 0 || value != last) {
        found = dictionary.indexOf(value);
        if (found >= most) {
          return false;
        }
        last = value;
      }
      indices[i] = found;
    }
    return true;
  }

  @Override
  void describe(Statistics<?> statistics, boolean lookedUp) {
    if (values == 0) {
      return;
    }
    switch (type.getPrimitiveTypeName()) {
      case FLOAT -> {
        for (int i = 0; i < values; i++) {
          statistics.updateStats(Float.intBitsToFloat(PlainEncoding.getInt(data, i * Float.BYTES)));
        }
      }
      case DOUBLE -> {
        for (int i = 0; i < values; i++) {
          statistics.updateStats(
              Double.longBitsToDouble(PlainEncoding.getLong(data, i * Double.BYTES)));
        }
      }
      default -> describeIntegers(statistics);
    }
  }

  private void describeIntegers(Statistics<?> statistics) {
    long least = Long.MAX_VALUE;
    long greatest = Long.MIN_VALUE;
    for (int i = 0; i < values; i++) {
      long value = value(i);
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
    }
    if (width == Integer.BYTES) {
      statistics.updateStats((int) least);
      statistics.updateStats((int) greatest);
    } else {
      statistics.updateStats(least);
      statistics.updateStats(greatest);
    }
  }

  private long value(int index) {
    return width == Integer.BYTES
        ? PlainEncoding.getInt(data, index * Integer.BYTES)
        : PlainEncoding.getLong(data, index * Long.BYTES);
  }
}
