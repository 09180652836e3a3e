package dev.tapline.source.postgres.replication.stream;

import dev.tapline.source.postgres.connection.Sessions;
import dev.tapline.source.postgres.replication.position.FollowedStream;
import dev.tapline.source.postgres.replication.position.LogSplit;
import dev.tapline.spi.TransientException;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Collectors;

/// Attaches to a slot. The server may not have noticed yet that its last reader is gone, so a slot
/// in use is tried again for a while.
final class SlotAttachment {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration BETWEEN = Duration.ofMillis(200);

  private SlotAttachment() {}

  /// @param readerOptions says whether the slot was read from here before
  /// @throws TransientException if it is in use, perhaps by what the server has not noticed to be
  ///   gone
  static ReplicationConnection attach(
      Sessions sessions, LogSplit split, String options, ReaderOptions readerOptions)
      throws IOException, InterruptedException {
    ReplicationConnection.Start start =
        new ReplicationConnection.Start(
            split.database(),
            split.slot(),
            split.start(),
            options,
            readerOptions.fallback().isAsStored(),
            split.streams().stream()
                .collect(Collectors.toMap(FollowedStream::name, FollowedStream::from)));
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return ReplicationConnection.open(sessions, start);
      } catch (SlotBusyException e) {
        if (System.nanoTime() > deadline) {
          String message =
              e.getMessage() + "; stop the other consumer, or set source.slot to another one";
          throw readerOptions.again()
              ? new TransientException(message, e)
              : new IOException(message, e);
        }
        Thread.sleep(BETWEEN);
      }
    }
  }
}
