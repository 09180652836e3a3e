package dev.tapline.sink.parquet.format;

import dev.tapline.spi.batch.Batch;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/// Reads a file of rows. One thread at a time.
public interface RowReader extends Closeable {
  /// The next rows, in the order in which they were written; nothing at the end. The batch is
  /// overwritten by the next call. Its schema is that of the wanted columns; rows of files of
  /// changes have their change, commit position and index.
  Optional<Batch> next() throws IOException;

  @Override
  void close() throws IOException;
}
