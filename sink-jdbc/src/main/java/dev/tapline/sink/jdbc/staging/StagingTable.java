package dev.tapline.sink.jdbc.staging;

import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.dialect.api.TableColumn;
import dev.tapline.sink.jdbc.table.PlannedColumn;
import dev.tapline.sink.jdbc.table.TableLayout;
import dev.tapline.sink.jdbc.table.TablePlan;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType.Scalar;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// The staging table of a chunk: its columns, and those that merging needs.
final class StagingTable {
  private static final int PUT = 0;
  private static final int DELETE = 1;
  private static final int DELETE_ALL = 2;

  private final TablePlan plan;
  private final Chunk chunk;
  private final boolean numbered;
  private final boolean operations;
  private final List<Integer> fill = new ArrayList<>();
  private List<Column> columns;

  /// @param numbered whether rows are numbered, so that they can be merged in parts
  StagingTable(TablePlan plan, Chunk chunk, boolean numbered) {
    this.numbered = numbered;
    this.plan = plan;
    this.chunk = chunk;
    this.columns = chunk.columns();
    this.operations = !chunk.deletes().isEmpty() || chunk.beginsWithTruncate();
    if (chunk.isPartial()) {
      for (int i = 0; i < plan.fields(); i++) {
        if (chunk.columns().get(i).hasUnchanged()
            && !plan.key().contains(plan.columns().get(i).name())) {
          fill.add(i);
        }
      }
    }
  }

  boolean hasOperations() {
    return operations;
  }

  List<String> fill() {
    return fill.stream().map(index -> plan.columns().get(index).name()).toList();
  }

  void validate(RowValidator validator, BitSet skip, BitSet onlyKeys) throws IOException {
    columns = validator.validate(columns, chunk.rows(), skip, onlyKeys);
  }

  /// The layout that the rows need: a column with a NULL may be NULL.
  TableLayout layout(BitSet skip) {
    TableLayout layout = plan.layout();
    for (int i = 0; i < columns.size(); i++) {
      PlannedColumn column = plan.columns().get(i);
      boolean key = plan.key().contains(column.name());
      if (!key
          && !column.nullable()
          && columns.get(i).hasNulls()
          && anyNull(columns.get(i), skip)) {
        layout = layout.with(new TableLayout.Column(column.name(), column.type().sql(), true));
      }
    }
    return layout;
  }

  private boolean anyNull(Column column, BitSet skip) {
    for (int row = 0; row < chunk.rows(); row++) {
      if (!skip.get(row) && operation(row) == PUT && column.isNull(row)) {
        return true;
      }
    }
    return false;
  }

  List<TableColumn> planned(Dialect dialect) {
    StagingColumns planned = new StagingColumns(plan, dialect);
    if (operations) {
      planned.operation();
    }
    if (numbered) {
      planned.numbers();
    }
    if (!fill.isEmpty()) {
      planned.fill(
          Arrays.stream(chunk.keys()).mapToObj(key -> plan.columns().get(key).type()).toList());
    }
    return planned.all();
  }

  List<Column> columns() {
    List<Column> all = new ArrayList<>(columns);
    int rows = chunk.rows();
    if (operations) {
      LongColumn operation = (LongColumn) Column.of(Scalar.INT16, rows);
      for (int row = 0; row < rows; row++) {
        operation.append(operation(row));
      }
      all.add(operation);
    }
    if (numbered) {
      all.add(numbers(rows));
    }
    if (!fill.isEmpty()) {
      all.add(bits(rows));
      for (int key : chunk.keys()) {
        Column from = Column.of(plan.columns().get(key).valueType(), rows);
        for (int row = 0; row < rows; row++) {
          int origin = chunk.origin(row);
          if (origin < 0) {
            from.appendNull();
          } else {
            from.appendFrom(chunk.columns().get(key), origin);
          }
        }
        all.add(from);
      }
    }
    return all;
  }

  // Deletes come first, so that other rows can use unique values that they free.
  private Column numbers(int rows) {
    LongColumn numbers = (LongColumn) Column.of(Scalar.INT32, rows);
    int nextDelete = 0;
    int nextPut = chunk.deletes().cardinality();
    for (int row = 0; row < rows; row++) {
      numbers.append(chunk.deletes().get(row) ? nextDelete++ : nextPut++);
    }
    return numbers;
  }

  private int operation(int row) {
    if (row == 0 && chunk.beginsWithTruncate()) {
      return DELETE_ALL;
    }
    return chunk.deletes().get(row) ? DELETE : PUT;
  }

  private Column bits(int rows) {
    BytesColumn bits = (BytesColumn) Column.of(Scalar.TEXT, rows);
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < rows; row++) {
      if (chunk.origin(row) < 0) {
        bits.appendNull();
        continue;
      }
      text.setLength(0);
      for (int index : fill) {
        text.append(chunk.columns().get(index).isUnchanged(row) ? '1' : '0');
      }
      bits.append(text.toString());
    }
    return bits;
  }
}
