package dev.tapline.sink.jdbc.staging;

import dev.tapline.files.text.ValueText;
import dev.tapline.sink.jdbc.table.MetadataField;
import dev.tapline.sink.jdbc.table.PlannedColumn;
import dev.tapline.sink.jdbc.table.TableMode;
import dev.tapline.sink.jdbc.table.TablePlan;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.BooleanColumn;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.DoubleColumn;
import dev.tapline.spi.batch.ListColumn;
import dev.tapline.spi.batch.LongColumn;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Rows of one table with one schema, copied from batches. If the table is merged, only the last
/// change of each key is kept, so that a chunk can be merged by a few statements.
///
/// A value that was not in the log is taken from an earlier change of the row, if the chunk has
/// one; otherwise the row keeps the key under which the destination has the value. A changed key is
/// a DELETE followed by an INSERT in the same transaction.
final class Chunk {
  private static final int NONE = -1;

  private final TablePlan plan;
  private final boolean soft;
  private final MetadataAppender metadata;
  private final List<Column> columns;
  private final int[] keys;
  private final BitSet dead = new BitSet();
  private final BitSet deletes = new BitSet();
  private final Map<Object, Integer> latest = new HashMap<>();
  private int[] origins = new int[64];
  private int rows;
  private boolean truncated;
  private boolean partial;
  private int deletedRow = NONE;
  private int deletedBase = NONE;
  private long deletedPosition;
  private long deletedIndex = Long.MIN_VALUE;

  /// @param soft whether deleted rows are only marked
  Chunk(TablePlan plan, boolean soft, MetadataAppender metadata) {
    this.plan = plan;
    this.soft = soft && plan.nameOf(MetadataField.DELETED_AT).isPresent();
    this.metadata = metadata;
    this.columns = new ArrayList<>();
    plan.columns().forEach(column -> columns.add(Column.of(column.valueType(), 64)));
    this.keys = plan.keyIndexes().stream().mapToInt(Integer::intValue).toArray();
  }

  List<Column> columns() {
    return columns;
  }

  int rows() {
    return rows;
  }

  BitSet dead() {
    return dead;
  }

  /// Rows that are deletes.
  BitSet deletes() {
    return deletes;
  }

  /// Returns true if all rows of the table must be deleted before.
  boolean isTruncated() {
    return truncated;
  }

  /// Returns true if a value may be missing in a row.
  boolean isPartial() {
    return partial;
  }

  boolean isEmpty() {
    return rows == 0 && !truncated;
  }

  /// The row with the key under which the destination has the missing values of a row.
  int origin(int row) {
    return origins[row];
  }

  int[] keys() {
    return keys;
  }

  long bytes() {
    long bytes = 32L * rows;
    for (Column column : columns) {
      bytes += column.payloadBytes();
    }
    return bytes;
  }

  /// Returns true if a row is the INSERT of a changed key whose DELETE is the last row here.
  boolean continues(Batch batch, int row) {
    return deletedRow != NONE
        && batch.change(row) == Change.INSERT
        && batch.commitPosition(row) == deletedPosition
        && batch.index(row) == deletedIndex + 1
        && lacks(batch, row);
  }

  private static boolean lacks(Batch batch, int row) {
    for (Column column : batch.columns()) {
      if (column.isUnchanged(row)) {
        return true;
      }
    }
    return false;
  }

  void add(Batch batch, int row) {
    if (plan.mode() == TableMode.APPEND) {
      copy(batch, row, NONE);
      return;
    }
    switch (batch.change(row)) {
      case TRUNCATE -> truncate(batch, row);
      case DELETE -> delete(batch, row);
      default -> put(batch, row);
    }
  }

  private void truncate(Batch batch, int row) {
    if (soft && rows > 0) {
      throw new IllegalStateException("rows that are only marked must be staged before");
    }
    dead.set(0, rows);
    latest.clear();
    deletedRow = NONE;
    truncated = true;
    if (soft) {
      copy(batch, row, NONE);
    }
  }

  /// Returns true if a change must begin another chunk.
  boolean mustEndBefore(Change change) {
    return soft && change == Change.TRUNCATE && plan.mode() == TableMode.MERGE && rows > 0;
  }

  /// Returns true if the first row only holds the time of a TRUNCATE.
  boolean beginsWithTruncate() {
    return soft && truncated;
  }

  private void put(Batch batch, int row) {
    int base = NONE;
    boolean lacks = lacks(batch, row);
    boolean moved = lacks && continues(batch, row);
    Object key = key(batch, row);
    int before = latest.getOrDefault(key, NONE);
    if (moved) {
      base = deletedBase;
    } else if (lacks && before != NONE && !deletes.get(before)) {
      base = before;
    }
    int added = copy(batch, row, base);
    if (lacks) {
      boolean whole = base != NONE && origins[base] == NONE;
      origins[added] = whole ? NONE : base != NONE ? origins[base] : moved ? deletedRow : added;
      partial |= !whole;
    }
    replace(key, added);
  }

  private void delete(Batch batch, int row) {
    Object key = key(batch, row);
    int before = latest.getOrDefault(key, NONE);
    boolean known = before != NONE && !deletes.get(before);
    int added;
    if (soft && known) {
      added = copyMarked(batch, row, before);
      origins[added] = origins[before];
    } else {
      added = copy(batch, row, NONE);
      deletes.set(added);
    }
    replace(key, added);
    deletedRow = added;
    deletedBase = known ? before : NONE;
    deletedPosition = batch.commitPosition(row);
    deletedIndex = batch.index(row);
  }

  private void replace(Object key, int added) {
    Integer before = latest.put(key, added);
    if (before != null) {
      dead.set(before);
    }
  }

  private int copy(Batch batch, int row, int base) {
    for (int i = 0; i < plan.fields(); i++) {
      Column from = batch.column(i);
      Column to = columns.get(i);
      if (base != NONE && from.isUnchanged(row)) {
        to.appendFrom(to, base);
      } else {
        to.appendFrom(from, row);
      }
    }
    return end(batch, row);
  }

  private int copyMarked(Batch batch, int row, int known) {
    for (int i = 0; i < plan.fields(); i++) {
      columns.get(i).appendFrom(columns.get(i), known);
    }
    return end(batch, row);
  }

  private int end(Batch batch, int row) {
    for (int i = plan.fields(); i < columns.size(); i++) {
      PlannedColumn column = plan.columns().get(i);
      metadata.append(column, batch, row, columns.get(i));
    }
    if (rows == origins.length) {
      origins = Arrays.copyOf(origins, rows * 2);
    }
    origins[rows] = NONE;
    return rows++;
  }

  /// The key of a row, or a unique object if a part of it is missing: such a row is rejected later.
  private Object key(Batch batch, int row) {
    for (int index : keys) {
      Column column = batch.column(index);
      if (column.isNull(row) || column.isUnchanged(row)) {
        return new Object();
      }
    }
    if (keys.length == 1) {
      return comparable(batch.column(keys[0]), row);
    }
    List<Object> parts = new ArrayList<>(keys.length);
    for (int index : keys) {
      parts.add(comparable(batch.column(index), row));
    }
    return parts;
  }

  // A value that can be compared, of a row whose value is there.
  private static Object comparable(Column column, int row) {
    return switch (column) {
      case BooleanColumn booleans -> booleans.get(row);
      case DoubleColumn doubles -> doubles.get(row);
      case LongColumn longs -> longs.get(row);
      case BytesColumn bytes -> ByteBuffer.wrap(bytes.get(row));
      case ListColumn lists -> ValueText.of(lists, row);
    };
  }
}
