package dev.tapline.runtime.method;

import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.source.Snapshot;
import dev.tapline.spi.source.TableScans;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The snapshot that a method holds for its reads. One thread at a time.
final class HeldSnapshot implements Closeable {
  private @Nullable Snapshot snapshot;

  /// The snapshot that is held while it is open; else a new one.
  Snapshot open(TableScans scans, List<Stream> streams) throws IOException, InterruptedException {
    Snapshot held = snapshot;
    if (held != null && held.isOpen()) {
      return held;
    }
    close();
    Snapshot opened = scans.openSnapshot(streams);
    snapshot = opened;
    return opened;
  }

  @Override
  public void close() throws IOException {
    Snapshot held = snapshot;
    snapshot = null;
    if (held != null) {
      held.close();
    }
  }
}
