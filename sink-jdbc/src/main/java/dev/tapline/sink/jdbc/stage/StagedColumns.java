package dev.tapline.sink.jdbc.stage;

import dev.tapline.sink.jdbc.dialect.Binding;
import dev.tapline.sink.jdbc.dialect.ColumnType;
import dev.tapline.sink.jdbc.dialect.Dialect;
import dev.tapline.sink.jdbc.dialect.TableColumn;
import dev.tapline.sink.jdbc.plan.TablePlan;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import java.util.ArrayList;
import java.util.List;

/// The columns of a table of staged rows: those of the rows, and what merging needs to know.
public final class StagedColumns {
  private final Dialect dialect;
  private final List<TableColumn> columns = new ArrayList<>();

  StagedColumns(TablePlan plan, Dialect dialect) {
    this.dialect = dialect;
    plan.columns().forEach(column -> columns.add(column.staged()));
  }

  /// The most columns that rows of a table are staged with.
  public static List<TableColumn> widest(TablePlan plan, Dialect dialect) {
    return new StagedColumns(plan, dialect)
        .operation()
        .numbers()
        .fill(plan.keyIndexes().stream().map(index -> plan.columns().get(index).type()).toList())
        .all();
  }

  StagedColumns operation() {
    return add(Staged.OPERATION, dialect.type(Field.of("", Scalar.INT16, ""), false));
  }

  StagedColumns numbers() {
    return add(Staged.ROW, dialect.type(Field.of("", Scalar.INT32, ""), false));
  }

  /// @param keys the types of the key's columns
  StagedColumns fill(List<ColumnType> keys) {
    add(Staged.BITS, ColumnType.of(dialect.text(false).sql(), Binding.TEXT));
    for (int i = 0; i < keys.size(); i++) {
      add(Staged.FROM + i, keys.get(i));
    }
    return this;
  }

  private StagedColumns add(String name, ColumnType type) {
    columns.add(new TableColumn(name, type, true, ','));
    return this;
  }

  List<TableColumn> all() {
    return List.copyOf(columns);
  }
}
