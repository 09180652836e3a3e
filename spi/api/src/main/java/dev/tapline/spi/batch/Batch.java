package dev.tapline.spi.batch;

import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.StreamName;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/// Rows of one stream in one schema, by columns. It is how all data moves from a source to a sink.
///
/// A [reader][dev.tapline.spi.source.BatchReader] owns its batches and fills them again and again;
/// a sink has a batch for the time of one call and keeps no reference to it or to its arrays. One
/// thread at a time.
///
/// Filling: [#clear(long)], then for each row one append to every column and one `endRow`. Reading:
/// [#column(int)] with its arrays, or [#row(int)] for those who like it simple.
public final class Batch {
  private final StreamName stream;
  private final Schema schema;
  private final List<Column> columns;
  private int rows;
  private long extractedAt;
  private boolean onlyReads = true;
  private byte[] changes = {};
  private long[] commitPositions = {};
  private long[] indexes = {};
  private long[] commitTimes = {};
  private long[] transactions = {};

  /// An empty batch.
  ///
  /// @param stream the stream that the rows belong to
  /// @param schema the fields, one column each
  /// @param capacity the number of rows to make room for; columns grow when more come
  public Batch(StreamName stream, Schema schema, int capacity) {
    this.stream = stream;
    this.schema = schema;
    this.columns =
        schema.fields().stream().map(field -> Column.of(field.type(), capacity)).toList();
  }

  /// Whose rows these are.
  public StreamName stream() {
    return stream;
  }

  /// The fields. A sink that sees a schema that is not equal to the one before has met a change of
  /// the table.
  public Schema schema() {
    return schema;
  }

  /// The columns, in the order of the schema's fields.
  public List<Column> columns() {
    return columns;
  }

  /// The column of the field at `index`.
  public Column column(int index) {
    return columns.get(index);
  }

  /// How many rows there are.
  public int rows() {
    return rows;
  }

  /// A view of a row, made anew for each call.
  public Row row(int index) {
    return new Row(this, Objects.checkIndex(index, rows));
  }

  /// When the rows were read, in microseconds as `TIMESTAMP_TZ` counts them.
  public long extractedAt() {
    return extractedAt;
  }

  /// Whether every row is a [Change#READ]: then no row has a place in a log.
  public boolean onlyReads() {
    return onlyReads;
  }

  /// What happened to the row.
  public Change change(int row) {
    return onlyReads ? Change.READ : Change.ofCode(changes[row]);
  }

  /// Where in the log the row's transaction was committed (the LSN of the commit), as an unsigned
  /// number; 0 for a READ.
  public long commitPosition(int row) {
    return onlyReads ? 0 : commitPositions[row];
  }

  /// The row's index among the changes of its transaction, from 0. Rows are ordered by commit
  /// position and then by this; together they identify a change.
  public long index(int row) {
    return onlyReads ? 0 : indexes[row];
  }

  /// When the row's transaction was committed, in microseconds as `TIMESTAMP_TZ` counts them; 0 for
  /// a READ.
  public long commitTime(int row) {
    return onlyReads ? 0 : commitTimes[row];
  }

  /// The number of the row's transaction; 0 for a READ.
  public long transaction(int row) {
    return onlyReads ? 0 : transactions[row];
  }

  /// How many bytes the values take, without masks and offsets.
  public long payloadBytes() {
    long bytes = 0;
    for (Column column : columns) {
      bytes += column.payloadBytes();
    }
    return bytes;
  }

  /// Removes all rows, to fill the batch again.
  ///
  /// @param extractionTime when the rows to come are read, as [#extractedAt()]
  public void clear(long extractionTime) {
    for (Column column : columns) {
      column.clear();
    }
    rows = 0;
    extractedAt = extractionTime;
    onlyReads = true;
  }

  /// Ends a row that was found by reading the table.
  ///
  /// @throws IllegalStateException if a column has not got exactly one value for it
  public void endRow() {
    endRow(Change.READ, 0, 0, 0, 0);
  }

  /// Ends a row that came out of a log.
  ///
  /// @param change what happened
  /// @param commitPosition as [#commitPosition(int)]
  /// @param index as [#index(int)]
  /// @param commitTime as [#commitTime(int)]
  /// @param transaction as [#transaction(int)]
  /// @throws IllegalStateException if a column has not got exactly one value for it
  public void endRow(
      Change change, long commitPosition, long index, long commitTime, long transaction) {
    int row = rows;
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).size() != row + 1) {
        throw new IllegalStateException(
            "column '" + schema.fields().get(i).name() + "' has no value for row " + row);
      }
    }
    if (change != Change.READ || !onlyReads) {
      keepOrder(row, change, commitPosition, index, commitTime, transaction);
    }
    rows = row + 1;
  }

  private void keepOrder(
      int row, Change change, long commitPosition, long index, long commitTime, long transaction) {
    if (row >= changes.length) {
      int capacity = Math.max(16, row * 2);
      changes = Arrays.copyOf(changes, capacity);
      commitPositions = Arrays.copyOf(commitPositions, capacity);
      indexes = Arrays.copyOf(indexes, capacity);
      commitTimes = Arrays.copyOf(commitTimes, capacity);
      transactions = Arrays.copyOf(transactions, capacity);
    }
    if (onlyReads) {
      // The rows so far were READs, for which nothing was kept.
      Arrays.fill(changes, 0, row, Change.READ.code());
      Arrays.fill(commitPositions, 0, row, 0);
      Arrays.fill(indexes, 0, row, 0);
      Arrays.fill(commitTimes, 0, row, 0);
      Arrays.fill(transactions, 0, row, 0);
      onlyReads = false;
    }
    changes[row] = change.code();
    commitPositions[row] = commitPosition;
    indexes[row] = index;
    commitTimes[row] = commitTime;
    transactions[row] = transaction;
  }
}
