package dev.tapline.sink.parquet.format;

import dev.tapline.spi.batch.Batch;
import java.io.Closeable;
import java.io.IOException;

/// Writes rows to one file. Not thread-safe.
public interface RowWriter extends Closeable {
  /// Writes the rows from `from` (inclusive) to `to` (exclusive).
  void write(Batch batch, int from, int to) throws IOException, InterruptedException;

  /// The memory used by rows that [#flush()] would free, including reserved space.
  long bufferedBytes();

  /// The bytes of the file that are in memory until they are uploaded.
  long uploadBytes();

  /// The size the file would have if it ended here.
  long size() throws IOException;

  /// Writes the buffered rows to the file.
  void flush() throws IOException, InterruptedException;

  /// Completes the file and makes it durable.
  void finish() throws IOException, InterruptedException;

  /// Releases the file; discards it unless it is finished.
  @Override
  void close() throws IOException;
}
