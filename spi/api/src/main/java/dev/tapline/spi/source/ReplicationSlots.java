package dev.tapline.spi.source;

import java.io.IOException;
import java.util.List;

/// The capability of a source to show and remove the replication slots of its server: what a server
/// keeps its log for, also for consumers that never come back. A source whose server has none does
/// without it; no run needs it.
public interface ReplicationSlots {
  /// The replication slots of the databases that the source is configured for, those of other
  /// consumers included.
  ///
  /// @throws IOException if they cannot be listed
  List<Slot> slots() throws IOException, InterruptedException;

  /// Removes a replication slot, and with it the server's duty to keep the log for it.
  ///
  /// @throws IOException if it is in use or cannot be removed
  void dropSlot(String name) throws IOException, InterruptedException;
}
