package dev.tapline.sink.jdbc.commit;

import dev.tapline.sink.jdbc.database.Database;
import dev.tapline.sink.jdbc.dialect.Dialect;
import dev.tapline.sink.jdbc.dialect.Merge;
import dev.tapline.sink.jdbc.plan.Layout;
import dev.tapline.sink.jdbc.plan.Mode;
import dev.tapline.sink.jdbc.stage.Staged;
import dev.tapline.spi.sink.WriteMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Brings staged rows into a table.
final class Applier {
  private final Database database;
  private final Dialect dialect;
  private final List<String> deletedAt;

  /// @param deletedAt the columns that mark a deleted row; empty when rows are removed
  Applier(Database database, List<String> deletedAt) {
    this.database = database;
    this.dialect = database.dialect();
    this.deletedAt = List.copyOf(deletedAt);
  }

  /// @param table what the table is called
  /// @param target the columns it has
  void apply(Connection connection, Staged staged, String table, Layout target)
      throws SQLException {
    List<String> statements = new ArrayList<>();
    List<String> marks =
        deletedAt.stream().filter(name -> staged.layout().column(name).isPresent()).toList();
    String name = database.table(table);
    boolean merged = staged.layout().mode() == Mode.MERGE && staged.mode() == WriteMode.APPEND;
    if (staged.truncate()) {
      statements.add(
          marks.isEmpty() || staged.table().isEmpty()
              ? dialect.empty(name)
              : markAll(staged, name, marks));
    }
    if (!staged.table().isEmpty()) {
      List<String> columns = quoted(staged.layout().names());
      if (merged) {
        statements.addAll(dialect.merge(merge(staged, name, target, marks)));
      } else {
        String names = String.join(", ", columns);
        statements.add(
            "INSERT INTO %s (%s) SELECT %s FROM %s"
                .formatted(name, names, names, database.table(staged.table())));
      }
    }
    Database.execute(connection, statements);
  }

  private Merge merge(Staged staged, String table, Layout target, List<String> marks) {
    List<String> key = quoted(staged.layout().key());
    List<String> from = new ArrayList<>();
    for (int i = 0; i < key.size(); i++) {
      from.add(dialect.quote(Staged.FROM + i));
    }
    Optional<Merge.Fill> fill =
        staged.fill().isEmpty()
            ? Optional.empty()
            : Optional.of(new Merge.Fill(dialect.quote(Staged.BITS), quoted(staged.fill()), from));
    return new Merge(
        table,
        database.table(staged.table()),
        key,
        quoted(staged.layout().names()),
        quoted(
            target.names().stream()
                .filter(name -> staged.layout().column(name).isEmpty())
                .toList()),
        staged.operations() ? Optional.of(dialect.quote(Staged.OPERATION)) : Optional.empty(),
        quoted(marks),
        fill);
  }

  private String markAll(Staged staged, String table, List<String> marks) {
    String mark = dialect.quote(marks.getFirst());
    return "UPDATE %s SET %s = (SELECT MAX(s.%s) FROM %s s WHERE s.%s = 2) WHERE %s IS NULL"
        .formatted(
            table,
            mark,
            mark,
            database.table(staged.table()),
            dialect.quote(Staged.OPERATION),
            mark);
  }

  private List<String> quoted(List<String> names) {
    return names.stream().map(dialect::quote).toList();
  }
}
