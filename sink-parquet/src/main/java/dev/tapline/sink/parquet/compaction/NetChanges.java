package dev.tapline.sink.parquet.compaction;

import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.StreamName;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/// The net effect of changes, in memory: for each key its current row, or that it is deleted.
final class NetChanges {
  private static final int DELETED = -1;

  private final RowKeys keys;
  private final RowCopier columns;
  private final Batch rows;
  private final Map<String, Integer> latest = new LinkedHashMap<>();
  private final KeyChanges keyChanges = new KeyChanges();
  private boolean truncated;
  private int keyless;

  NetChanges(Schema schema, RowKeys keys) {
    this.keys = keys;
    this.rows = new Batch(new StreamName("", "", "image"), schema, 1024);
    this.columns = new RowCopier(schema);
    rows.clear(0);
  }

  /// Adds a change; changes are added in order.
  void add(Batch batch, int row, String key) throws IOException {
    Change change = batch.change(row);
    if (change == Change.TRUNCATE) {
      latest.clear();
      keyChanges.clear();
      truncated = true;
    } else if (change == Change.DELETE) {
      Integer before = latest.put(key, DELETED);
      keyChanges.deleted(batch, row, key, before == null ? DELETED : before);
    } else {
      String name = keys.isEmpty() ? "row " + keyless++ : key;
      Integer before = latest.get(name);
      int base = before == null ? DELETED : before;
      if (change == Change.INSERT) {
        base = keyChanges.inserted(batch, row, name);
      }
      columns.map(batch.schema());
      columns.append(batch, row, rows, base);
      latest.put(name, rows.rows() - 1);
    }
  }

  /// Notes a change of a row that belongs to another pass.
  void addOfOtherPass(Batch batch, int row, String key) {
    if (batch.change(row) == Change.DELETE) {
      keyChanges.deletedElsewhere(batch, row, key);
    } else {
      keyChanges.changedElsewhere(key);
    }
  }

  /// Whether a row whose key has changed takes values from the row under this key.
  boolean isOrigin(String key) {
    return keyChanges.isOrigin(key);
  }

  /// Keeps a compacted row for the row whose key has changed.
  void keep(Batch before, int row, String key) throws IOException {
    columns.map(before.schema());
    columns.append(before, row, rows, DELETED);
    keyChanges.kept(key, rows.rows() - 1);
  }

  /// Whether all rows from before the changes are deleted.
  boolean isTruncated() {
    return truncated;
  }

  boolean isEmpty() {
    return latest.isEmpty() && !truncated;
  }

  boolean touches(String key) {
    return latest.containsKey(key);
  }

  /// Appends the current row of a key that existed before, unless it is deleted.
  void update(Batch before, int row, String key, Batch to) throws IOException {
    if (keyChanges.hasChanged(key)) {
      return; // another row than that of before: it comes with the new ones
    }
    Integer now = latest.remove(key);
    if (now != null && now != DELETED) {
      columns.map(before.schema());
      columns.appendOver(rows, now, before, row, to);
    }
  }

  /// Appends the rows whose keys did not exist before.
  void appendNew(RowConsumer to) throws IOException, InterruptedException {
    for (Map.Entry<String, Integer> entry : latest.entrySet()) {
      if (entry.getValue() != DELETED) {
        int row = entry.getValue();
        int base = keyChanges.base(entry.getKey());
        if (base != DELETED) {
          columns.map(rows.schema());
          columns.append(rows, row, rows, base);
          row = rows.rows() - 1;
        }
        requireWhole(entry.getKey(), row);
        to.append(rows, row);
      }
    }
  }

  // An update has only the changed values; without the row before there is no whole row.
  private void requireWhole(String key, int row) throws IOException {
    for (int i = 0; i < rows.columns().size(); i++) {
      if (rows.column(i).isUnchanged(row)) {
        throw new IOException(
            "an update of the row '%s' left out the column '%s', and there is no such row in the image; reset the stream to load it anew"
                .formatted(key, rows.schema().fields().get(i).name()));
      }
    }
  }
}
