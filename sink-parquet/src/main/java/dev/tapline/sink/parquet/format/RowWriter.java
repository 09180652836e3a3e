package dev.tapline.sink.parquet.format;

import dev.tapline.spi.batch.Batch;
import java.io.Closeable;
import java.io.IOException;

/// A file of rows under way. One thread at a time.
public interface RowWriter extends Closeable {
  /// Takes over rows `from` up to, not with, `to`.
  void write(Batch batch, int from, int to) throws IOException, InterruptedException;

  /// How much memory the rows hold that can be [flushed][#flush()], with the room for more of them.
  long bufferedBytes();

  /// How many bytes of the file itself are in memory, on their way to where it is kept.
  long uploadBytes();

  /// How large the file would be if it ended here.
  long size() throws IOException;

  /// Writes out what is in memory.
  void flush() throws IOException, InterruptedException;

  /// Ends the file: it is complete and survives a crash of the machine.
  void finish() throws IOException, InterruptedException;

  /// Gives the file up.
  @Override
  void close() throws IOException;
}
