package dev.tapline.source.postgres.incremental;

import dev.tapline.source.postgres.snapshot.PostgresSnapshot;
import dev.tapline.source.postgres.snapshot.SnapshotSession;
import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.thread.Threads;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds the highest keys of many streams under a snapshot, in several sessions at once: for ten
/// thousand tables, one session would take longer than the rest of the planning.
final class HighestKeyFinder {
  private static final Logger LOG = LoggerFactory.getLogger(HighestKeyFinder.class);
  private static final int STREAMS_A_SESSION = 500;
  private static final int MAX_SESSIONS = 4;
  private static final int MAX_FAILURES = 3;

  private final PostgresSnapshot snapshot;
  private final Finder finder;

  /// Finds out about one stream.
  @FunctionalInterface
  interface Finder {
    /// Where the stream is left.
    Position find(SnapshotSession session, PostgresSnapshot snapshot, Stream stream)
        throws IOException;
  }

  HighestKeyFinder(PostgresSnapshot snapshot, Finder finder) {
    this.snapshot = snapshot;
    this.finder = finder;
  }

  /// Where the streams are left. Those that are few in their database, and those about which it
  /// cannot be found out, are left out: they are to be asked about alone, which tells the reason.
  Map<Stream, Position> of(List<Stream> streams) {
    Map<Stream, Position> found = new ConcurrentHashMap<>();
    streams.stream()
        .collect(Collectors.groupingBy(stream -> stream.name().database()))
        .forEach((database, all) -> find(database, all, found));
    return found;
  }

  private void find(String database, List<Stream> streams, Map<Stream, Position> found) {
    int sessions = Math.min(MAX_SESSIONS, streams.size() / STREAMS_A_SESSION);
    if (sessions < 2) {
      return;
    }
    Queue<Stream> waiting = new ConcurrentLinkedQueue<>(streams);
    try (ExecutorService workers = Threads.virtualPool("marks")) {
      for (int i = 0; i < sessions; i++) {
        workers.execute(() -> work(database, waiting, found));
      }
    }
  }

  // A worker that the server has no connection for leaves its streams to the others.
  private void work(String database, Queue<Stream> waiting, Map<Stream, Position> found) {
    int failures = 0;
    try (SnapshotSession session = snapshot.session(database)) {
      while (failures < MAX_FAILURES) {
        Stream stream = waiting.poll();
        if (stream == null) {
          return;
        }
        try {
          found.put(stream, finder.find(session, snapshot, stream));
        } catch (IOException e) {
          failures++;
          LOG.debug("stream {} is asked about again, alone", stream.name(), e);
        }
      }
    } catch (IOException e) {
      LOG.debug("a session with database '{}' cannot be given back", database, e);
    }
  }
}
