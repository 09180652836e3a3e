package dev.tapline.files;

import java.io.IOException;
import java.nio.channels.FileChannel;

/// Has the operating system bring a file to the disk while it is still being written. Left to the
/// end, all of it would be waited for at once, by all writers at the same time. One thread at a
/// time.
public final class WriteBehind {
  private static final long STEP = 16 << 20;

  private final FileChannel channel;
  private final BackgroundTask background = new BackgroundTask("write-behind");
  private long nextAt = STEP;

  /// For a file that is written through the channel.
  public WriteBehind(FileChannel channel) {
    this.channel = channel;
  }

  /// Tells how much was written. It does not wait: where the disk is slower, the steps grow.
  ///
  /// @throws IOException if what was written before did not reach the disk
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

  /// Waits for what is under way.
  ///
  /// @throws IOException if it did not reach the disk
  public void await() throws IOException {
    background.await();
  }
}
