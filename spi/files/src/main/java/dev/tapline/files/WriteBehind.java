package dev.tapline.files;

import java.io.IOException;
import java.nio.channels.FileChannel;

/// Syncs a file to disk in the background while it is being written. Otherwise all writers would
/// wait for the disk at the end, at the same time. Not thread-safe.
public final class WriteBehind {
  private static final long STEP = 16 << 20;

  private final FileChannel channel;
  private final BackgroundTask background = new BackgroundTask("write-behind");
  private long nextAt = STEP;

  /// Syncs the channel's file.
  public WriteBehind(FileChannel channel) {
    this.channel = channel;
  }

  /// Reports the number of bytes written. It does not wait: the steps grow on a slow disk.
  ///
  /// @throws IOException if an earlier sync has failed
  public void written(long bytes) throws IOException {
    if (bytes < nextAt || background.isBusy()) {
      return;
    }
    nextAt = bytes + STEP;
    background.start(() -> {
      channel.force(false);
      return null;
    });
  }

  /// Waits for a running sync.
  ///
  /// @throws IOException if it has failed
  public void await() throws IOException {
    background.await();
  }
}
