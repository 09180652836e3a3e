package dev.tapline.sink.parquet.column;

import java.io.IOException;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;

/// A chunk of booleans: a bit each, least significant first, without a dictionary.
final class BooleanColumnChunk extends PagedColumnChunk {
  private int trues;

  BooleanColumnChunk(ColumnDescriptor column, ParquetProperties properties, PageWriter pages) {
    super(column, properties, pages, null);
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
  void describe(Statistics<?> statistics, boolean lookedUp) {
    if (trues > 0) {
      statistics.updateStats(true);
    }
    if (trues < values) {
      statistics.updateStats(false);
    }
    trues = 0;
  }
}
