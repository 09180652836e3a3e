package dev.tapline.spi.sink;

import dev.tapline.spi.batch.Batch;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/// Writes the rows of one stream. One thread at a time.
public interface SinkWriter extends Closeable {
  /// Takes the batch's rows: copies what it needs, since the batch and its arrays are the reader's
  /// again when it returns. Blocking is the back-pressure: the source is read no faster.
  ///
  /// @throws dev.tapline.spi.TransientException if the work since the last [#prepare()] may succeed
  ///   when done again
  /// @throws IOException if it cannot be written; the message names stream, field and value where
  ///   these are the reason
  void write(Batch batch) throws IOException, InterruptedException;

  /// Makes every row since the last call durable, yet not visible, and says what to commit so that
  /// it becomes visible. The engine writes the commits to its state before it hands them to the
  /// committer, so that a crash in between repeats them.
  ///
  /// A sink without [Capability#EXACTLY_ONCE] writes out what it holds back and returns nothing.
  ///
  /// Rows may be written after it, to be prepared by the next call.
  List<Commit> prepare() throws IOException, InterruptedException;

  /// Ends the writer. What was written since the last [#prepare()] is given up and cleared away;
  /// what was prepared stays for the committer.
  @Override
  void close() throws IOException;
}
