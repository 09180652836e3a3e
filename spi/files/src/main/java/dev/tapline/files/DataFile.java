package dev.tapline.files;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;

/// A data file that is being written, sequentially. Not thread-safe.
public interface DataFile extends Closeable {
  /// The unbuffered stream that writes to the file. Closing it has no effect; use [#finish()] and
  /// [#close()].
  OutputStream stream();

  /// The number of bytes written.
  long size();

  /// The number of written bytes that are still in memory.
  default long bufferedBytes() {
    return 0;
  }

  /// Ignores all further writes, such as what a library flushes when it is closed.
  void abandon();

  /// Completes the file and makes its content durable.
  void finish() throws IOException;

  /// Releases the file; discards it unless it is finished.
  @Override
  void close() throws IOException;
}
