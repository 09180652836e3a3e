package dev.tapline.source.postgres.incremental;

import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.source.postgres.snapshot.PostgresSnapshot;
import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.Stream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The replication keys under one snapshot: what is looked up for all of its streams at once.
final class SnapshotKeys {
  private final PostgresSnapshot snapshot;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, KeyCatalog> catalogs = new HashMap<>();
  private @Nullable Map<Stream, Position> highWaterMarks;

  private SnapshotKeys(PostgresSnapshot snapshot) {
    this.snapshot = snapshot;
  }

  static SnapshotKeys of(PostgresSnapshot snapshot) {
    return snapshot.derived(SnapshotKeys.class, SnapshotKeys::new);
  }

  /// Where streams are left by the snapshot, found out ahead where they are many.
  ///
  /// @param wanted which of the streams of the snapshot are asked about
  /// @param finder finds out about one
  Map<Stream, Position> highWaterMarks(Predicate<Stream> wanted, HighestKeyFinder.Finder finder) {
    @Nullable Map<Stream, Position> known = highWaterMarks;
    if (known == null) {
      List<Stream> all = snapshot.streams().stream().filter(wanted).toList();
      known = new HighestKeyFinder(snapshot, finder).of(all);
      highWaterMarks = known;
    }
    return known;
  }

  /// What the splits by key of a database rest on.
  KeyCatalog catalog(String database) throws IOException {
    lock.lock();
    try {
      @Nullable KeyCatalog known = catalogs.get(database);
      if (known == null) {
        Map<Stream, Table> keyed = new HashMap<>();
        for (Stream stream : snapshot.streams()) {
          if (stream.name().database().equals(database)) {
            snapshot.table(stream.name()).ifPresent(table -> keyed.put(stream, table));
          }
        }
        known = snapshot.ask(database, session -> KeyCatalog.read(session, keyed));
        catalogs.put(database, known);
      }
      return known;
    } finally {
      lock.unlock();
    }
  }
}
