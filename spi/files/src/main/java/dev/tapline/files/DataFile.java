package dev.tapline.files;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;

/// A data file under way, written from its beginning to its end. One thread at a time.
public interface DataFile extends Closeable {
  /// What writes to it, without a buffer. To close it means nothing: whether the file is complete
  /// is said by [#finish()] and [#close()].
  OutputStream stream();

  /// How many bytes were written to it.
  long size();

  /// How many of them are still in memory.
  default long bufferedBytes() {
    return 0;
  }

  /// From now on nothing is written any more, whatever a library still holds and lets go of.
  void abandon();

  /// Ends the file: afterwards its content survives a crash of the machine.
  void finish() throws IOException;

  /// Lets go of a file; one that is not finished is given up.
  @Override
  void close() throws IOException;
}
