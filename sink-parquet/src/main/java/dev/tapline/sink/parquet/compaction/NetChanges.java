package dev.tapline.sink.parquet.compaction;

import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.StreamName;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/// What changes come to, in memory: for each key the row as it is now, or that it is gone.
final class NetChanges {
  private static final int GONE = -1;

  private final RowKeys keys;
  private final RowCopier columns;
  private final Batch rows;
  private final Map<String, Integer> latest = new LinkedHashMap<>();
  private final KeyChanges moves = new KeyChanges();
  private boolean truncated;
  private int keyless;

  NetChanges(Schema schema, RowKeys keys) {
    this.keys = keys;
    this.rows = new Batch(new StreamName("", "", "image"), schema, 1024);
    this.columns = new RowCopier(schema);
    rows.clear(0);
  }

  /// Takes a row into account, in the order of changes.
  void add(Batch batch, int row, String key) throws IOException {
    Change change = batch.change(row);
    if (change == Change.TRUNCATE) {
      latest.clear();
      moves.clear();
      truncated = true;
    } else if (change == Change.DELETE) {
      Integer before = latest.put(key, GONE);
      moves.deleted(batch, row, key, before == null ? GONE : before);
    } else {
      String name = keys.isEmpty() ? "row " + keyless++ : key;
      Integer before = latest.get(name);
      int base = before == null ? GONE : before;
      if (change == Change.INSERT) {
        base = moves.inserted(batch, row, name);
      }
      columns.map(batch.schema());
      columns.append(batch, row, rows, base);
      latest.put(name, rows.rows() - 1);
    }
  }

  /// Takes notice of a row whose key another pass is about.
  void pass(Batch batch, int row, String key) {
    if (batch.change(row) == Change.DELETE) {
      moves.deletedElsewhere(batch, row, key);
    } else {
      moves.changedElsewhere(key);
    }
  }

  /// Whether a row that is under another key now takes values from the one under this key.
  boolean isOrigin(String key) {
    return moves.isOrigin(key);
  }

  /// Keeps a row of the image before for the one that has moved away from its key.
  void keep(Batch before, int row, String key) throws IOException {
    columns.map(before.schema());
    columns.append(before, row, rows, GONE);
    moves.kept(key, rows.rows() - 1);
  }

  /// Whether the rows from before the changes are gone altogether.
  boolean isTruncated() {
    return truncated;
  }

  boolean isEmpty() {
    return latest.isEmpty() && !truncated;
  }

  boolean touches(String key) {
    return latest.containsKey(key);
  }

  /// Appends what has become of a row from before, unless it is gone.
  void update(Batch before, int row, String key, Batch to) throws IOException {
    if (moves.hasMoved(key)) {
      return; // another row than that of before: it comes with the new ones
    }
    Integer now = latest.remove(key);
    if (now != null && now != GONE) {
      columns.map(before.schema());
      columns.appendOver(rows, now, before, row, to);
    }
  }

  /// The rows that were not there before.
  void appendNew(RowConsumer to) throws IOException, InterruptedException {
    for (Map.Entry<String, Integer> entry : latest.entrySet()) {
      if (entry.getValue() != GONE) {
        int row = entry.getValue();
        int base = moves.base(entry.getKey());
        if (base != GONE) {
          columns.map(rows.schema());
          columns.append(rows, row, rows, base);
          row = rows.rows() - 1;
        }
        requireWhole(entry.getKey(), row);
        to.append(rows, row);
      }
    }
  }

  // An update says what has changed; without the row that it has changed there is no row.
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
