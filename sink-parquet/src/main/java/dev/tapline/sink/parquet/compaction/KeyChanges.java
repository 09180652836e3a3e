package dev.tapline.sink.parquet.compaction;

import dev.tapline.spi.batch.Batch;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Follows rows whose key changes. Such a change is a DELETE directly followed by an INSERT in the
/// same transaction ([dev.tapline.spi.batch.Change#UPDATE]). A large value that did not change is
/// missing in the INSERT and is taken from the row under its old key.
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

  /// Records that a row was deleted.
  ///
  /// @param inMemory the index of its row in memory, or -1
  void deleted(Batch batch, int row, String key, int inMemory) {
    deletedKey = key;
    String origin = origins.remove(key);
    deletedOrigin = origin == null ? key : origin;
    deletedRow = inMemory;
    deletedPosition = batch.commitPosition(row);
    deletedIndex = batch.index(row);
  }

  /// Records that a row of another pass was deleted: its latest values are not in memory.
  void deletedElsewhere(Batch batch, int row, String key) {
    deleted(batch, row, key, NONE);
  }

  /// Records that a row of another pass was changed.
  void changedElsewhere(String key) {
    elsewhere.set(Math.floorMod(key.hashCode(), BITS));
  }

  /// Records that a row was inserted.
  ///
  /// @return the index in memory of the same row under its old key, or -1
  /// @throws IOException if its old row is not known
  int inserted(Batch batch, int row, String key) throws IOException {
    origins.remove(key);
    boolean changesKey =
        deletedIndex != NONE
            && batch.commitPosition(row) == deletedPosition
            && batch.index(row) == deletedIndex + 1
            && batch.columns().stream().anyMatch(column -> column.isUnchanged(row));
    if (!changesKey) {
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

  /// Whether the row of this key had another key in the compacted files before.
  boolean hasChanged(String key) {
    return origins.containsKey(key);
  }

  /// Whether a row whose key has changed needs the row that the compacted files have under this
  /// key.
  boolean isOrigin(String key) {
    return !origins.isEmpty() && wanted().contains(key);
  }

  // Only called once all changes are known.
  private Set<String> wanted() {
    Set<String> known = wanted;
    if (known == null) {
      known = new HashSet<>(origins.values());
      wanted = known;
    }
    return known;
  }

  /// Records where in memory the compacted row of a key is.
  void kept(String key, int row) {
    kept.put(key, row);
  }

  /// The index in memory of the compacted row that the row of this key was before its key changed,
  /// or -1.
  int base(String key) {
    String origin = origins.get(key);
    return origin == null ? NONE : kept.getOrDefault(origin, NONE);
  }
}
