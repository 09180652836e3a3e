package dev.tapline.sink.jdbc.commit;

import dev.tapline.sink.jdbc.connection.Database;
import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.dialect.api.FailureKind;
import dev.tapline.sink.jdbc.dialect.api.Merge;
import dev.tapline.sink.jdbc.dialect.api.StandardSql;
import dev.tapline.sink.jdbc.dialect.api.Statements;
import dev.tapline.sink.jdbc.staging.RejectedRows;
import dev.tapline.sink.jdbc.staging.StagedRows;
import dev.tapline.sink.jdbc.table.TableLayout;
import dev.tapline.sink.jdbc.table.TableMode;
import dev.tapline.spi.sink.WriteMode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Merges staged rows into a table.
final class StagedRowsMerger {
  /// The reason for rejecting a change without some values, of a row that the table does not have.
  static final String WITHOUT_BASE =
      "a change left out values that it did not alter, and the table has no such row to take them from";

  private final Database database;
  private final Dialect dialect;
  private final List<String> deletedAt;

  /// @param deletedAt the columns that mark a deleted row; empty if rows are deleted
  StagedRowsMerger(Database database, List<String> deletedAt) {
    this.database = database;
    this.dialect = database.dialect();
    this.deletedAt = List.copyOf(deletedAt);
  }

  /// @param table the name of the table
  /// @param target its columns
  /// @param rejected collects the rows that the database rejects, if these are kept
  void merge(
      Connection connection,
      StagedRows staged,
      String table,
      TableLayout target,
      Optional<RejectedRows> rejected)
      throws SQLException, IOException {
    String name = database.table(table);
    List<String> marks =
        deletedAt.stream().filter(column -> staged.layout().column(column).isPresent()).toList();
    if (staged.truncate()) {
      Statements.execute(
          connection,
          List.of(
              marks.isEmpty() || staged.table().isEmpty()
                  ? dialect.deleteAll(name)
                  : markAll(staged, name, marks)));
    }
    if (staged.table().isEmpty()) {
      return;
    }
    MergeStatements statements =
        staged.layout().mode() == TableMode.MERGE && staged.mode() == WriteMode.APPEND
            ? new Upserting(
                dialect,
                mergeOf(
                    staged,
                    name,
                    target,
                    marks,
                    dialect.hasOtherUniqueIndex(connection, database.schema(), table)))
            : new Inserting(name, database.table(staged.table()), quoted(staged.layout().names()));
    if (rejected.isPresent()
        && staged.numbered()
        && connection.getMetaData().supportsSavepoints()) {
      new SalvagingMerge(database, connection, staged, statements, rejected.get()).run();
    } else {
      try {
        requireBaseRows(connection, staged, statements);
        Statements.execute(connection, statements.all());
      } catch (SQLException e) {
        if (dialect.failure(e) == FailureKind.REJECTED_ROW) {
          throw rowRejected(staged, rejected, e);
        }
        throw e;
      }
    }
  }

  private void requireBaseRows(Connection connection, StagedRows staged, MergeStatements statements)
      throws SQLException, IOException {
    Optional<String> condition = statements.withoutBase();
    if (condition.isEmpty()) {
      return;
    }
    String count =
        "SELECT COUNT(*) FROM %s s WHERE %s"
            .formatted(database.table(staged.table()), condition.get());
    List<Long> withoutBase = Statements.query(connection, count, row -> row.getLong(1));
    if (withoutBase.getFirst() > 0) {
      throw new IOException(
          "destination '%s': %s; reset the stream to load it anew"
              .formatted(staged.destination(), WITHOUT_BASE));
    }
  }

  private IOException rowRejected(
      StagedRows staged, Optional<RejectedRows> rejected, SQLException error) {
    return new IOException(
        "destination '%s': %s does not take a row into its table: %s; change the row, or what the table requires%s"
            .formatted(
                staged.destination(),
                dialect.name(),
                error.getMessage(),
                rejected.isPresent()
                    ? " (a row that is refused so late cannot be put aside here)"
                    : ", or set 'sink.refused-rows: table', which puts such rows aside"),
        error);
  }

  private record Upserting(Dialect dialect, Merge merge) implements MergeStatements {
    @Override
    public List<String> all() {
      return dialect.merge(merge);
    }

    @Override
    public List<String> before() {
      return StandardSql.fill(merge);
    }

    @Override
    public Optional<String> withoutBase() {
      return StandardSql.withoutBase(merge);
    }

    @Override
    public List<String> of(String condition) {
      return dialect.merge(merge.restrictedTo(condition));
    }
  }

  private record Inserting(String table, String staged, List<String> columns)
      implements MergeStatements {
    @Override
    public List<String> all() {
      return of("1 = 1");
    }

    @Override
    public List<String> before() {
      return List.of();
    }

    @Override
    public Optional<String> withoutBase() {
      return Optional.empty();
    }

    @Override
    public List<String> of(String condition) {
      return List.of(
          "INSERT INTO %s (%s) SELECT %s FROM %s s WHERE %s"
              .formatted(
                  table,
                  String.join(", ", columns),
                  StandardSql.list("s", columns),
                  staged,
                  condition));
    }
  }

  private Merge mergeOf(
      StagedRows staged,
      String table,
      TableLayout target,
      List<String> marks,
      boolean otherUnique) {
    List<String> key = quoted(staged.layout().key());
    List<String> from = new ArrayList<>();
    for (int i = 0; i < key.size(); i++) {
      from.add(dialect.quote(StagedRows.FROM + i));
    }
    Optional<Merge.Fill> fill =
        staged.fill().isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Merge.Fill(dialect.quote(StagedRows.BITS), quoted(staged.fill()), from));
    return new Merge(
        table,
        database.table(staged.table()),
        key,
        quoted(staged.layout().names()),
        quoted(
            target.names().stream()
                .filter(name -> staged.layout().column(name).isEmpty())
                .toList()),
        staged.operations() ? Optional.of(dialect.quote(StagedRows.OPERATION)) : Optional.empty(),
        quoted(marks),
        fill,
        otherUnique,
        Optional.empty());
  }

  private String markAll(StagedRows staged, String table, List<String> marks) {
    String mark = dialect.quote(marks.getFirst());
    return "UPDATE %s SET %s = (SELECT MAX(s.%s) FROM %s s WHERE s.%s = 2) WHERE %s IS NULL"
        .formatted(
            table,
            mark,
            mark,
            database.table(staged.table()),
            dialect.quote(StagedRows.OPERATION),
            mark);
  }

  private List<String> quoted(List<String> names) {
    return names.stream().map(dialect::quote).toList();
  }
}
