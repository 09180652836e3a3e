package dev.tapline.sink.jdbc.staging;

import dev.tapline.sink.jdbc.table.TableLayout;
import dev.tapline.sink.jdbc.table.TablePlan;
import dev.tapline.sink.jdbc.table.Words;
import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.sink.WriterContext;
import java.util.List;

/// What a writer has prepared: the payload of a commit.
///
/// @param kind what it is
/// @param destination the stream's name in the destination
/// @param mode whether the rows belong to a new version
/// @param generation the number of that version
/// @param layout the table that the rows are for
/// @param table the table with the staged rows; empty when there are none
/// @param truncate whether the destination is to be emptied before
/// @param operations whether the staged rows say what is to be done with them
/// @param numbered whether the staged rows have numbers
/// @param fill columns whose values rows may lack
public record StagedRows(
    Kind kind,
    String destination,
    WriteMode mode,
    long generation,
    TableLayout layout,
    String table,
    boolean truncate,
    boolean operations,
    boolean numbered,
    List<String> fill) {

  /// The staged column that says what is to be done: 0 to put, 1 to delete, 2 to delete all.
  public static final String OPERATION = "_tl_op";

  /// The staged column with a row's number, from 0 on.
  public static final String ROW = "_tl_row";

  /// The staged column that says which values a row lacks.
  public static final String BITS = "_tl_bits";

  /// What the names of the staged columns begin with that hold a row's key in the destination.
  public static final String FROM = "_tl_from_";

  private static final int VERSION = 2;
  private static final int WITHOUT_NUMBERS = 1;

  /// A commit without staged rows: of a version whose rows stand in its table, or that has none.
  static StagedRows withoutRows(Kind kind, TablePlan plan, WriterContext context) {
    return new StagedRows(
        kind,
        plan.destination(),
        context.mode(),
        context.generation(),
        plan.layout(),
        "",
        false,
        false,
        false,
        List.of());
  }

  /// Copies the list.
  public StagedRows {
    fill = List.copyOf(fill);
  }

  /// What was prepared.
  public enum Kind {
    /// Rows that stand in the table of a version already.
    LOADED,
    /// Rows that stand in a table of their own.
    STAGED,
    /// Rows that were refused.
    REFUSED
  }

  /// As the engine keeps it.
  public Commit commit() {
    Words words =
        new Words()
            .add(kind.name())
            .add(destination)
            .add(mode.name())
            .add(generation)
            .add(table)
            .add(truncate ? "truncate" : "")
            .add(operations ? "operations" : "")
            .add(numbered ? "numbered" : "")
            .addAll(fill);
    return new Commit(VERSION, layout.write(words).toString());
  }

  /// What a commit says.
  ///
  /// @throws IllegalArgumentException if it is of a later release
  public static StagedRows of(Commit commit) {
    if (commit.version() != VERSION && commit.version() != WITHOUT_NUMBERS) {
      throw new IllegalArgumentException(
          "a commit of version %d, which this release does not know; use the one that wrote it"
              .formatted(commit.version()));
    }
    Words.Reader words = Words.reader(commit.payload());
    Kind kind = Kind.valueOf(words.next());
    String destination = words.next();
    WriteMode mode = WriteMode.valueOf(words.next());
    long generation = words.longNumber();
    String table = words.next();
    boolean truncate = !words.next().isEmpty();
    boolean operations = !words.next().isEmpty();
    boolean numbered = commit.version() != WITHOUT_NUMBERS && !words.next().isEmpty();
    List<String> fill = words.list();
    return new StagedRows(
        kind,
        destination,
        mode,
        generation,
        TableLayout.read(words),
        table,
        truncate,
        operations,
        numbered,
        fill);
  }
}
