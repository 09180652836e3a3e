package dev.tapline.sink.parquet.chunk;

import dev.tapline.sink.parquet.encode.ValueTarget;
import java.io.IOException;

/// One column of a row group under way. One thread at a time.
public interface ColumnChunk extends ValueTarget {
  /// How many bytes it would have in the file if it ended here, about.
  long bufferedBytes();

  /// How many bytes of memory it holds, about: what it has buffered, and the room for more.
  long heldBytes();

  /// Hands over what is left, after the last row.
  void finish() throws IOException;

  /// Frees its memory, finished or not.
  void close();
}
