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

/// From the values of a file back to those of a batch. One thread at a time.
public final class BatchBuilder {
  private static final int ROWS = 1_024;
  private static final String OPERATIONS = "riudt";
  private static final Change[] CHANGES = {
    Change.READ, Change.INSERT, Change.UPDATE, Change.DELETE, Change.TRUNCATE
  };

  private final Batch batch;

  /// @param fileSchema what the file holds
  /// @param columns names of the columns that are wanted
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

  /// What is filled.
  public Batch batch() {
    return batch;
  }

  /// Whether it holds as many rows as it should.
  public boolean isFull() {
    return batch.rows() >= ROWS;
  }

  /// The change that the file has for a row.
  public static Change change(String operation) {
    return CHANGES[OPERATIONS.indexOf(operation)];
  }

  /// Adds a truth value.
  public static void add(Column to, boolean value) {
    ((BooleanColumn) to).append(value);
  }

  /// Adds a fraction.
  public static void add(Column to, double value) {
    ((DoubleColumn) to).append(value);
  }

  /// Adds a whole number, a day, a time, a timestamp that counts from 1970, or a decimal without
  /// its point.
  public static void add(Column to, long value) {
    DataType type = to.type();
    if (to instanceof LongColumn longs) {
      boolean timestamp = type == Scalar.TIMESTAMP || type == Scalar.TIMESTAMP_TZ;
      longs.append(timestamp ? value - Temporals.EPOCH_MICROS : value);
    } else {
      addDecimal(to, BigInteger.valueOf(value));
    }
  }

  /// Adds text, a document, bytes, or the 16 bytes of a UUID.
  public static void add(Column to, byte[] value) {
    ((BytesColumn) to).append(value);
  }

  /// Adds a decimal without its point.
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
