package dev.tapline.sink.parquet.compaction;

import dev.tapline.spi.batch.Batch;
import java.io.IOException;

interface RowConsumer {
  void append(Batch from, int row) throws IOException, InterruptedException;
}
