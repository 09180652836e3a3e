package dev.tapline.sink.parquet.chunk;

import java.io.IOException;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;
import org.jspecify.annotations.Nullable;

/// Truth values: a bit each, the least significant first. They have no dictionary.
final class BooleanChunk extends PlainChunk {
  private int trues;

  BooleanChunk(ColumnDescriptor column, ParquetProperties properties, PageWriter pages) {
    super(column, properties, pages);
  }

  @Override
  public void bool(boolean value) throws IOException {
    int bit = values % Byte.SIZE;
    next(1);
    if (bit == 0) {
      data[length++] = 0;
    }
    if (value) {
      data[length - 1] |= (byte) (1 << bit);
      trues++;
    }
  }

  @Override
  @Nullable BytesInput lookUp() {
    return null;
  }

  @Override
  void describe(Statistics<?> statistics, boolean lookedUp) {
    if (trues > 0) {
      statistics.updateStats(true);
    }
    if (trues < values) {
      statistics.updateStats(false);
    }
    trues = 0;
  }

  @Override
  int words() {
    return 0;
  }

  @Override
  void forget() {}

  @Override
  long dictionaryHeld() {
    return 0;
  }

  @Override
  int dictionaryBytes() {
    return 0;
  }

  @Override
  byte[] dictionaryPage() {
    return new byte[0];
  }
}
