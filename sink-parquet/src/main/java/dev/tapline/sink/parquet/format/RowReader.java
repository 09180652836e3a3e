package dev.tapline.sink.parquet.format;

import dev.tapline.spi.batch.Batch;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/// Reads the rows of a file. Not thread-safe.
public interface RowReader extends Closeable {
  /// The next rows in the order in which they were written, or empty at the end. The next call
  /// overwrites the batch. It has the selected columns; rows of a file of changes also have their
  /// change, commit position and index.
  Optional<Batch> next() throws IOException;

  @Override
  void close() throws IOException;
}
