package dev.tapline.source.postgres.replication.routing;

import java.io.Closeable;
import java.io.IOException;

/// Decodes the messages of an output plug-in and passes their content to a [ChangeRouter]. For use
/// by one thread at a time.
public interface LogDecoder extends Closeable {
  /// Takes one message.
  ///
  /// @param message an array that is the decoder's from now on
  /// @param offset where the plug-in's part of it begins
  /// @return what it was
  /// @throws dev.tapline.spi.TransientException if the source cannot be asked for what is needed
  /// @throws IOException if the message cannot be understood
  Outcome decode(byte[] message, int offset) throws IOException;

  /// The end of the transaction that was committed last: the next one's record begins there or
  /// behind it.
  long end();

  /// Tables have joined streams or left them.
  default void membershipHasChanged() {}

  /// Lets go of what it keeps outside of memory.
  @Override
  default void close() throws IOException {}

  /// What became of a message.
  enum Outcome {
    /// It was taken.
    TAKEN,
    /// It was taken, and ends a transaction: [#end()] has moved.
    COMMITTED,
    /// Not all was done: what the router has must be handed out before this message is to be given
    /// again.
    AGAIN
  }
}
