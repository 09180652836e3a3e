package dev.tapline.sink.parquet.encoding;

import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Column;
import java.io.IOException;

/// Writes one field of a file.
public abstract sealed class FieldEncoder {
  /// Writes the field of several rows, and ends each row.
  public abstract void rows(Batch batch, int from, int to, ValueConsumer target) throws IOException;

  /// Writes the field of one row, without ending it.
  public abstract void row(Batch batch, int row, ValueConsumer target) throws IOException;

  /// Writes a column of the table.
  static final class OfColumn extends FieldEncoder {
    private final int index;
    private final ValueEncoder values;

    OfColumn(int index, ValueEncoder values) {
      this.index = index;
      this.values = values;
    }

    @Override
    public void rows(Batch batch, int from, int to, ValueConsumer target) throws IOException {
      values.rows(batch.column(index), from, to, target);
    }

    @Override
    public void row(Batch batch, int row, ValueConsumer target) throws IOException {
      Column column = batch.column(index);
      if (ValueEncoder.isAbsent(column, row)) {
        target.absent();
      } else {
        values.value(column, row, target);
      }
    }
  }

  /// Writes a change field.
  static final class OfChange extends FieldEncoder {
    private final ChangeFieldEncoder values;

    OfChange(ChangeFieldEncoder values) {
      this.values = values;
    }

    @Override
    public void rows(Batch batch, int from, int to, ValueConsumer target) throws IOException {
      for (int row = from; row < to; row++) {
        values.write(batch, row, target);
        target.endRow();
      }
    }

    @Override
    public void row(Batch batch, int row, ValueConsumer target) throws IOException {
      values.write(batch, row, target);
    }
  }
}
