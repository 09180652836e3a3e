package dev.tapline.sink.parquet.image;

import dev.tapline.spi.batch.Batch;
import java.io.IOException;

/// Takes rows.
interface RowSink {
  void append(Batch from, int row) throws IOException, InterruptedException;
}
