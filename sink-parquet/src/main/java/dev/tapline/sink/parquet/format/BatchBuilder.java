package dev.tapline.sink.parquet.format;

import dev.tapline.sink.parquet.schema.FileSchema;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.BooleanColumn;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.DoubleColumn;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.catalog.Temporals;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.function.Predicate;

/// Fills batches with the values of a file. Not thread-safe.
public final class BatchBuilder {
  private static final int ROWS = 1_024;
  private static final String OPERATIONS = "riudt";
  private static final Change[] CHANGES = {
    Change.READ, Change.INSERT, Change.UPDATE, Change.DELETE, Change.TRUNCATE
  };

  private final Batch batch;

  /// @param fileSchema the fields of the file
  /// @param columns selects columns by name
  public BatchBuilder(FileSchema fileSchema, Predicate<String> columns) {
    List<Field> fields =
        fileSchema.tableSchema().fields().stream()
            .filter(field -> columns.test(field.name()))
            .toList();
    List<String> key =
        fileSchema.tableSchema().key().stream().allMatch(columns)
            ? fileSchema.tableSchema().key()
            : List.of();
    StreamName name = new StreamName("", "", fileSchema.destination());
    this.batch = new Batch(name, new Schema(fields, key), ROWS);
    batch.clear(0);
  }

  /// The batch that is being filled.
  public Batch batch() {
    return batch;
  }

  /// Whether the batch is full.
  public boolean isFull() {
    return batch.rows() >= ROWS;
  }

  /// The change for a value of the field `_op`.
  public static Change change(String operation) {
    return CHANGES[OPERATIONS.indexOf(operation)];
  }

  /// Appends a boolean.
  public static void add(Column to, boolean value) {
    ((BooleanColumn) to).append(value);
  }

  /// Appends a floating-point number.
  public static void add(Column to, double value) {
    ((DoubleColumn) to).append(value);
  }

  /// Appends an integer, a day, a time, a timestamp counted from 1970, or the unscaled value of a
  /// decimal.
  public static void add(Column to, long value) {
    DataType type = to.type();
    if (to instanceof LongColumn longs) {
      boolean timestamp = type == Scalar.TIMESTAMP || type == Scalar.TIMESTAMP_TZ;
      longs.append(timestamp ? value - Temporals.EPOCH_MICROS : value);
    } else {
      addDecimal(to, BigInteger.valueOf(value));
    }
  }

  /// Appends text, a JSON document, bytes, or the 16 bytes of a UUID.
  public static void add(Column to, byte[] value) {
    ((BytesColumn) to).append(value);
  }

  /// Appends a decimal by its unscaled value.
  public static void addDecimal(Column to, BigInteger unscaled) {
    if (to instanceof LongColumn longs) {
      longs.append(unscaled.longValueExact());
    } else if (to instanceof BytesColumn bytes && to.type() instanceof DataType.Decimal decimal) {
      bytes.append(new BigDecimal(unscaled, decimal.scale()).toPlainString());
    } else {
      throw new IllegalStateException("a decimal in a column of " + to.type());
    }
  }
}
