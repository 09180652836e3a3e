package dev.tapline.sink.jdbc.staging;

import dev.tapline.sink.jdbc.dialect.api.ColumnType;
import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.dialect.api.ParameterType;
import dev.tapline.sink.jdbc.dialect.api.TableColumn;
import dev.tapline.sink.jdbc.table.TablePlan;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import java.util.ArrayList;
import java.util.List;

/// The columns of a staging table: those of the rows, and those that merging needs.
public final class StagingColumns {
  private final Dialect dialect;
  private final List<TableColumn> columns = new ArrayList<>();

  StagingColumns(TablePlan plan, Dialect dialect) {
    this.dialect = dialect;
    plan.columns().forEach(column -> columns.add(column.staged()));
  }

  /// All columns that a staging table may have.
  public static List<TableColumn> widest(TablePlan plan, Dialect dialect) {
    return new StagingColumns(plan, dialect)
        .operation()
        .numbers()
        .fill(plan.keyIndexes().stream().map(index -> plan.columns().get(index).type()).toList())
        .all();
  }

  StagingColumns operation() {
    return add(StagedRows.OPERATION, dialect.type(Field.of("", Scalar.INT16, ""), false));
  }

  StagingColumns numbers() {
    return add(StagedRows.ROW, dialect.type(Field.of("", Scalar.INT32, ""), false));
  }

  /// @param keys the types of the key's columns
  StagingColumns fill(List<ColumnType> keys) {
    add(StagedRows.BITS, ColumnType.of(dialect.text(false).sql(), ParameterType.TEXT));
    for (int i = 0; i < keys.size(); i++) {
      add(StagedRows.FROM + i, keys.get(i));
    }
    return this;
  }

  private StagingColumns add(String name, ColumnType type) {
    columns.add(new TableColumn(name, type, true));
    return this;
  }

  List<TableColumn> all() {
    return List.copyOf(columns);
  }
}
