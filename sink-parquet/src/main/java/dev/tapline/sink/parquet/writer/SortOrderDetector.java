package dev.tapline.sink.parquet.writer;

import dev.tapline.sink.parquet.schema.FieldType;
import dev.tapline.sink.parquet.schema.FileField;
import dev.tapline.sink.parquet.schema.FileSchema;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.LongColumn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.apache.parquet.format.SortingColumn;

/// Detects whether the rows of a row group are in ascending order of some columns, in Parquet's
/// order: text by its bytes. It never sorts.
final class SortOrderDetector {
  private final int[] columns;
  private final Value[] last;
  private boolean holds;
  private boolean begun;

  private static final class Value {
    private long number;
    private byte[] bytes = new byte[0];
  }

  private SortOrderDetector(int[] columns) {
    this.columns = columns;
    this.last = new Value[columns.length];
    for (int i = 0; i < columns.length; i++) {
      last[i] = new Value();
    }
    this.holds = columns.length > 0;
  }

  /// @param names names of columns; the order is detected if the file has all of them with types
  ///   that have an order
  static SortOrderDetector of(FileSchema fileSchema, List<String> names) {
    List<Integer> columns = new ArrayList<>();
    for (String name : names) {
      index(fileSchema, name).ifPresent(columns::add);
    }
    return new SortOrderDetector(
        columns.size() == names.size()
            ? columns.stream().mapToInt(Integer::intValue).toArray()
            : new int[0]);
  }

  void observe(Batch batch, int from, int to) {
    for (int column : columns) {
      holds &= !batch.column(column).hasNulls() && !batch.column(column).hasUnchanged();
    }
    for (int row = from; row < to && holds; row++) {
      holds = !begun || compareToLast(batch, row) >= 0;
      begun = true;
      remember(batch, row);
    }
  }

  /// The sort order to declare for the row group; empty if its rows are not sorted.
  ///
  /// @param nulls the number of NULLs of each column in the file, which may exceed that of the rows
  List<SortingColumn> sortingColumns(long[] nulls) {
    return holds && Arrays.stream(columns).allMatch(column -> nulls[column] == 0)
        ? Arrays.stream(columns)
            .mapToObj(column -> new SortingColumn(column, false, false))
            .toList()
        : List.of();
  }

  private int compareToLast(Batch batch, int row) {
    for (int i = 0; i < columns.length; i++) {
      Column column = batch.column(columns[i]);
      int order =
          switch (column) {
            case LongColumn longs -> Long.compare(longs.get(row), last[i].number);
            case BytesColumn bytes ->
                Arrays.compareUnsigned(
                    bytes.data(),
                    bytes.start(row),
                    bytes.end(row),
                    last[i].bytes,
                    0,
                    last[i].bytes.length);
            default -> throw new IllegalStateException(column.type() + " has no order here");
          };
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private void remember(Batch batch, int row) {
    for (int i = 0; i < columns.length; i++) {
      switch (batch.column(columns[i])) {
        case LongColumn longs -> last[i].number = longs.get(row);
        case BytesColumn bytes -> last[i].bytes = bytes.get(row);
        default -> {}
      }
    }
  }

  private static OptionalInt index(FileSchema fileSchema, String name) {
    return IntStream.range(0, fileSchema.tableSchema().size())
        .filter(i ->
            fileSchema.fields().get(i).name().equals(name) && isOrdered(fileSchema.fields().get(i)))
        .findFirst();
  }

  // Readers do not agree on the order of NaN and the zeros, and decimals may be text in a batch.
  private static boolean isOrdered(FileField field) {
    FieldType fieldType = field.fieldType();
    if (fieldType.dimensions() > 0 || fieldType.asText()) {
      return false;
    }
    return switch (fieldType.kind()) {
      case INT16, INT32, INT64, DATE, TIME, TIMESTAMP, TIMESTAMP_TZ, STRING, UUID, BYTES -> true;
      case BOOLEAN, FLOAT, DOUBLE, DECIMAL, JSON -> false;
    };
  }
}
