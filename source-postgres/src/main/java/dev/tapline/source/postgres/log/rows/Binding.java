package dev.tapline.source.postgres.log.rows;

import dev.tapline.source.postgres.decode.FieldDecoder;
import dev.tapline.source.postgres.decode.TextDecoders;
import dev.tapline.source.postgres.log.rows.Shape.ShapeColumn;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.catalog.Schema;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Puts rows of one shape into a batch.
final class Binding {
  private final Shape shape;
  private final Batch batch;
  private final @Nullable FieldDecoder[] decoders;
  private final int[] key;
  private final boolean keyIsTold;

  Binding(Shape shape, Batch batch) {
    this.shape = shape;
    this.batch = batch;
    Schema schema = batch.schema();
    List<ShapeColumn> columns = shape.columns();
    decoders = new FieldDecoder[columns.size()];
    for (int i = 0; i < decoders.length; i++) {
      int field = schema.indexOf(columns.get(i).name());
      decoders[i] = field < 0 ? null : TextDecoders.of(batch.column(field));
    }
    List<String> names = columns.stream().map(ShapeColumn::name).toList();
    key = schema.key().stream().mapToInt(names::indexOf).toArray();
    boolean told = true;
    for (int column : key) {
      told &= columns.get(column).identity();
    }
    keyIsTold = shape.whole() || (told && key.length > 0);
  }

  Batch batch() {
    return batch;
  }

  /// Whether updates and deletes say which row of the stream is meant.
  boolean keyIsTold() {
    return keyIsTold;
  }

  /// Whether an update is to be shown as the end of one row and the beginning of another.
  boolean isAnotherRow(@Nullable Tuple old, Tuple fresh) {
    if (old == null) {
      return false;
    }
    if (key.length == 0) {
      return true;
    }
    for (int column : key) {
      if (fresh.length(column) != Tuple.UNCHANGED && !Tuple.sameValue(old, fresh, column)) {
        return true;
      }
    }
    return false;
  }

  /// Adds a row.
  ///
  /// @param old where values that did not change are found, if it has come whole
  /// @throws IOException if a value is not of its column's type; the batch is then unusable
  void append(Change change, Tuple row, @Nullable Tuple old, Transaction transaction)
      throws IOException {
    if (row.size() != decoders.length) {
      throw new IOException(
          "a row of %d values came for %d columns".formatted(row.size(), decoders.length));
    }
    for (int i = 0; i < decoders.length; i++) {
      @Nullable FieldDecoder decoder = decoders[i];
      if (decoder != null) {
        try {
          value(decoder, i, row, change == Change.DELETE ? row : old);
        } catch (IOException e) {
          throw new IOException(
              "column '%s': %s".formatted(shape.columns().get(i).name(), e.getMessage()), e);
        }
      }
    }
    batch.endRow(
        change,
        transaction.commitLsn(),
        transaction.next(),
        transaction.commitTime(),
        transaction.id());
  }

  private void value(FieldDecoder decoder, int column, Tuple row, @Nullable Tuple old)
      throws IOException {
    int length = row.length(column);
    if (length >= 0) {
      decoder.decode(row.data(), row.start(column), length);
    } else if (length == Tuple.NULL || row == old) {
      // What a row that is gone did not say is NULL.
      decoder.column().appendNull();
    } else if (old != null && shape.whole() && old.length(column) != Tuple.UNCHANGED) {
      value(decoder, column, old, old);
    } else {
      decoder.column().appendUnchanged();
    }
  }
}
