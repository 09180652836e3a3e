package dev.tapline.sink.parquet.image;

import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.StreamName;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/// What changes come to, in memory: for each key the row as it is now, or that it is gone.
final class Changes {
  private static final int GONE = -1;

  private final RowKeys keys;
  private final Columns columns;
  private final Batch rows;
  private final Map<String, Integer> latest = new LinkedHashMap<>();
  private boolean truncated;
  private int keyless;

  Changes(Schema schema, RowKeys keys) {
    this.keys = keys;
    this.rows = new Batch(new StreamName("", "", "image"), schema, 1024);
    this.columns = new Columns(schema);
    rows.clear(0);
  }

  /// Takes a row into account, in the order of changes.
  void add(Batch batch, int row, String key) throws IOException {
    Change change = batch.change(row);
    if (change == Change.TRUNCATE) {
      latest.clear();
      truncated = true;
    } else if (change == Change.DELETE) {
      latest.put(key, GONE);
    } else {
      String name = keys.isEmpty() ? "row " + keyless++ : key;
      Integer before = latest.get(name);
      columns.map(batch.schema());
      columns.append(batch, row, rows, before == null || before == GONE ? -1 : before);
      latest.put(name, rows.rows() - 1);
    }
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
    Integer now = latest.remove(key);
    if (now != null && now != GONE) {
      columns.map(before.schema());
      columns.appendOver(rows, now, before, row, to);
    }
  }

  /// The rows that were not there before.
  void appendNew(RowSink to) throws IOException, InterruptedException {
    for (Map.Entry<String, Integer> entry : latest.entrySet()) {
      if (entry.getValue() != GONE) {
        requireWhole(entry.getKey(), entry.getValue());
        to.append(rows, entry.getValue());
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
