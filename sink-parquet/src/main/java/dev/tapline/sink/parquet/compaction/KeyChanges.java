package dev.tapline.sink.parquet.compaction;

import dev.tapline.spi.batch.Batch;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Follows rows whose key changes. Such a change is a DELETE and, next to it in the transaction, an
/// INSERT ([dev.tapline.spi.batch.Change#UPDATE]); what the INSERT did not carry, a large value
/// that was left as it was, is what the row had under its old key.
final class KeyChanges {
  private static final int NONE = -1;
  private static final int BITS = 1 << 22;

  private final Map<String, String> origins = new HashMap<>();
  private final Map<String, Integer> kept = new HashMap<>();
  private @Nullable Set<String> wanted;
  private final BitSet elsewhere = new BitSet();
  private String deletedKey = "";
  private String deletedOrigin = "";
  private int deletedRow = NONE;
  private long deletedPosition;
  private long deletedIndex = NONE;

  void clear() {
    origins.clear();
    deletedIndex = NONE;
  }

  /// A row was deleted.
  ///
  /// @param inMemory the row in memory that it was, or -1
  void deleted(Batch batch, int row, String key, int inMemory) {
    deletedKey = key;
    String origin = origins.remove(key);
    deletedOrigin = origin == null ? key : origin;
    deletedRow = inMemory;
    deletedPosition = batch.commitPosition(row);
    deletedIndex = batch.index(row);
  }

  /// A row was deleted whose key another pass is about: its latest values are not in memory.
  void deletedElsewhere(Batch batch, int row, String key) {
    deleted(batch, row, key, NONE);
  }

  /// A row was changed whose key another pass is about.
  void changedElsewhere(String key) {
    elsewhere.set(Math.floorMod(key.hashCode(), BITS));
  }

  /// A row was inserted.
  ///
  /// @return the row in memory that it was under another key, or -1
  /// @throws IOException if it cannot be told what it was
  int inserted(Batch batch, int row, String key) throws IOException {
    origins.remove(key);
    boolean moved =
        deletedIndex != NONE
            && batch.commitPosition(row) == deletedPosition
            && batch.index(row) == deletedIndex + 1
            && batch.columns().stream().anyMatch(column -> column.isUnchanged(row));
    if (!moved) {
      return NONE;
    }
    if (deletedRow == NONE && elsewhere.get(Math.floorMod(deletedKey.hashCode(), BITS))) {
      throw new IOException(
          "the key of the row '%s' became '%s' in a checkpoint too large to be merged at once; lower engine.checkpoint.bytes, or give the table REPLICA IDENTITY FULL"
              .formatted(deletedKey, key));
    }
    origins.put(key, deletedOrigin);
    return deletedRow;
  }

  /// Whether the row under this key was under another one in the image before.
  boolean hasMoved(String key) {
    return origins.containsKey(key);
  }

  /// Whether the image's row of this key is wanted by one that was moved.
  boolean isOrigin(String key) {
    return !origins.isEmpty() && wanted().contains(key);
  }

  // Asked for only when all changes are known.
  private Set<String> wanted() {
    Set<String> known = wanted;
    if (known == null) {
      known = new HashSet<>(origins.values());
      wanted = known;
    }
    return known;
  }

  /// The image's row of a key is in memory now.
  void kept(String key, int row) {
    kept.put(key, row);
  }

  /// Where in memory the row is that one was in the image before, under its old key; -1 when there
  /// is none.
  int base(String key) {
    String origin = origins.get(key);
    return origin == null ? NONE : kept.getOrDefault(origin, NONE);
  }
}
