package dev.tapline.engine.method;

import dev.tapline.spi.Position;
import dev.tapline.spi.TransientException;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.source.Snapshot;
import dev.tapline.spi.source.Split;
import dev.tapline.spi.source.StreamException;
import dev.tapline.spi.source.TableScans;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The snapshot that a method holds for its splits. One thread at a time.
final class SharedSnapshot implements Closeable {
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

  /// Where a stream is left when it was scanned in whole under a snapshot.
  @FunctionalInterface
  interface PositionFinder {
    Position under(Snapshot snapshot, Stream stream) throws IOException, InterruptedException;
  }

  /// Plans the copies of streams under the snapshot that is open, or a new one.
  ///
  /// @param splits is given the splits
  /// @param positions is given where each stream is left then
  /// @throws StreamException if one of them cannot be copied
  void copy(
      TableScans scans,
      List<Stream> streams,
      int parallelism,
      PositionFinder position,
      List<Split> splits,
      Map<StreamName, Position> positions)
      throws IOException, InterruptedException {
    Snapshot current = open(scans, streams);
    for (Stream stream : streams) {
      try {
        splits.addAll(scans.split(stream, current, parallelism));
        positions.put(stream.name(), position.under(current, stream));
      } catch (TransientException | StreamException e) {
        throw e;
      } catch (IOException e) {
        throw new StreamException(stream.name(), String.valueOf(e.getMessage()), e);
      }
    }
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
