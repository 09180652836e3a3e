package dev.tapline.sink.jdbc.commit;

import static dev.tapline.sink.jdbc.testing.SinkFixture.batch;
import static dev.tapline.sink.jdbc.testing.SinkFixture.change;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.sink.jdbc.testing.SinkFixture;
import dev.tapline.sink.jdbc.testing.TestDatabase;
import dev.tapline.spi.Position;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.Checkpoint;
import dev.tapline.spi.sink.Commit;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.SinkWriter;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.sink.WriterContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A checkpoint of two streams that the destination refuses because of one of them. What was
/// prepared is there until it is committed: by another process, once the reason is mended, or
/// without that stream.
class RefusedCommitTest {
  private static final StreamName BAD = new StreamName("shop", "public", "bad");
  private static final StreamName GOOD = new StreamName("shop", "public", "good");

  @TempDir Path folder;

  /// Ways to refuse it.
  enum Way {
    A_CHECK,
    NOT_NULL,
    A_UNIQUE_INDEX,
    A_TABLE_OF_SOMEBODY_ELSE,
    A_VIEW_OF_A_COLUMN_WHOSE_TYPE_CHANGES,
    A_FOREIGN_KEY_TO_A_TABLE_THAT_IS_REPLACED,
    A_NULL_WHERE_COLUMNS_CANNOT_CHANGE;

    /// What the second row has in its column.
    @Nullable String note() {
      return switch (this) {
        case A_UNIQUE_INDEX -> "first";
        case NOT_NULL, A_NULL_WHERE_COLUMNS_CANNOT_CHANGE -> null;
        default -> "second";
      };
    }
  }

  /// What makes a database refuse it, and what puts that right.
  private record Statements(String obstacle, String remedy) {}

  record Case(TestDatabase kind, Way way) {
    Optional<Statements> statements() {
      String table = "ALTER TABLE \"bad\" ";
      String column = table + "ALTER COLUMN \"note\" ";
      boolean postgres = kind == TestDatabase.POSTGRES;
      boolean sqlite = kind == TestDatabase.SQLITE;
      return Optional.ofNullable(
          switch (way) {
            case A_CHECK ->
                switch (kind) {
                  case DUCKDB -> null;
                  case SQLITE ->
                      new Statements(
                          "CREATE TRIGGER decent BEFORE INSERT ON \"bad\" WHEN NEW.\"note\" = 'second'"
                              + " BEGIN SELECT RAISE(ABORT, 'decent'); END",
                          "DROP TRIGGER decent");
                  default ->
                      new Statements(
                          table
                              + "ADD CONSTRAINT decent CHECK (CAST(\"note\" AS VARCHAR(9)) <> 'second')",
                          table + "DROP CONSTRAINT decent");
                };
            case NOT_NULL ->
                sqlite
                    ? null
                    : new Statements(
                        column + "SET NOT NULL",
                        column + (kind == TestDatabase.HSQLDB ? "SET NULL" : "DROP NOT NULL"));
            case A_UNIQUE_INDEX ->
                kind == TestDatabase.H2 || kind == TestDatabase.HSQLDB
                    ? null
                    : new Statements(
                        "CREATE UNIQUE INDEX other ON \"bad\" (\"note\")", "DROP INDEX other");
            case A_TABLE_OF_SOMEBODY_ELSE ->
                new Statements("CREATE TABLE \"bad\" (\"x\" INTEGER)", "DROP TABLE \"bad\"");
            case A_VIEW_OF_A_COLUMN_WHOSE_TYPE_CHANGES ->
                postgres
                    ? new Statements("CREATE VIEW seen AS SELECT note FROM bad", "DROP VIEW seen")
                    : null;
            case A_FOREIGN_KEY_TO_A_TABLE_THAT_IS_REPLACED ->
                postgres
                    ? new Statements(
                        "CREATE TABLE lines (bad bigint REFERENCES bad)", "DROP TABLE lines")
                    : null;
            // Nothing makes it right there but to reset the stream.
            case A_NULL_WHERE_COLUMNS_CANNOT_CHANGE -> sqlite ? new Statements("", "") : null;
          });
    }
  }

  static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    for (TestDatabase kind : TestDatabase.values()) {
      for (Way way : Way.values()) {
        cases.add(new Case(kind, way));
      }
    }
    cases.removeIf(each -> each.statements().isEmpty());
    return cases;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isThereUntilTheReasonIsMendedOrItsStreamReset(Case each) throws Exception {
    Statements statements = each.statements().orElseThrow();
    boolean canBeMended = !statements.remedy().isEmpty();
    SinkFixture fixture = new SinkFixture(each.kind().url(folder), "shop", Map.of());
    Checkpoint first = prepare(fixture, each, 1, 1);
    commit(
        fixture, each.way() == Way.A_TABLE_OF_SOMEBODY_ELSE ? first.without(Set.of(BAD)) : first);
    if (canBeMended) {
      fixture.execute(statements.obstacle());
    }

    Checkpoint second = prepare(fixture, each, 2, 2);
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> commit(fixture, second)).isInstanceOf(IOException.class);
      assertThat(ids(fixture, "good")).containsExactly("1");
    }
    if (canBeMended) {
      fixture.execute(statements.remedy());
      commit(fixture, second);
      assertThat(ids(fixture, "bad")).contains("2");
    } else {
      commit(fixture, second.without(Set.of(BAD)));
    }

    assertThat(ids(fixture, "good")).containsExactly("1", "2");
    sweepAndFindNothing(fixture);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aResetOfItsStreamCostsNoOther(Case each) throws Exception {
    Statements statements = each.statements().orElseThrow();
    SinkFixture fixture = new SinkFixture(each.kind().url(folder), "shop", Map.of());
    Checkpoint first = prepare(fixture, each, 1, 1);
    commit(
        fixture, each.way() == Way.A_TABLE_OF_SOMEBODY_ELSE ? first.without(Set.of(BAD)) : first);
    if (!statements.obstacle().isEmpty()) {
      fixture.execute(statements.obstacle());
    }
    Checkpoint second = prepare(fixture, each, 2, 2);

    assertThatThrownBy(() -> commit(fixture, second)).isInstanceOf(IOException.class);
    commit(fixture, second.without(Set.of(BAD)));

    assertThat(ids(fixture, "good")).containsExactly("1", "2");
    sweepAndFindNothing(fixture);
  }

  private static List<String> ids(SinkFixture fixture, String table) throws Exception {
    return fixture.query("SELECT \"id\" FROM \"%s\" ORDER BY \"id\"".formatted(table));
  }

  /// Has a row of each stream prepared by a process that then ends.
  private static Checkpoint prepare(SinkFixture fixture, Case each, long number, long id)
      throws Exception {
    boolean replaces = each.way() == Way.A_FOREIGN_KEY_TO_A_TABLE_THAT_IS_REPLACED && number > 1;
    try (Sink sink = fixture.sink()) {
      List<Commit> good =
          prepare(sink, GOOD, WriteMode.APPEND, 1, row(SinkFixture.NOTES, id, "good"));
      List<Commit> bad =
          prepare(
              sink,
              BAD,
              replaces ? WriteMode.REPLACE : WriteMode.APPEND,
              replaces ? 2 : 1,
              row(schema(each, number), id, number == 1 ? "first" : each.way().note()));
      return new Checkpoint(
          number,
          Map.of(GOOD, good, BAD, bad),
          replaces ? List.of(new Checkpoint.TableReplacement(BAD, "bad", 2)) : List.of(),
          Map.of(GOOD, Position.of("row", "" + id), BAD, Position.of("row", "" + id)));
    }
  }

  private static Schema schema(Case each, long number) {
    boolean number1 = number == 1;
    return switch (each.way()) {
      case A_VIEW_OF_A_COLUMN_WHOSE_TYPE_CHANGES ->
          schema(number1 ? Scalar.INT32 : Scalar.TEXT, true);
      case A_NULL_WHERE_COLUMNS_CANNOT_CHANGE -> schema(Scalar.TEXT, !number1);
      default -> SinkFixture.NOTES;
    };
  }

  private static Schema schema(Scalar type, boolean nullable) {
    return new Schema(
        List.of(
            new Field("id", Scalar.INT64, false, "bigint", ""),
            new Field("note", type, nullable, "", "")),
        List.of("id"));
  }

  private static Batch row(Schema schema, long id, @Nullable String note) {
    Batch rows = batch(schema);
    if (rows.column(1) instanceof LongColumn numbers) {
      ((LongColumn) rows.column(0)).append(id);
      numbers.append(id);
      rows.endRow(Change.INSERT, 4711, 0, 1_000_000, 731);
    } else {
      change(rows, Change.INSERT, id, note);
    }
    return rows;
  }

  private static List<Commit> prepare(
      Sink sink, StreamName name, WriteMode mode, long version, Batch rows) throws Exception {
    try (SinkWriter writer =
        sink.openWriter(
            new WriterContext(
                SinkFixture.stream(name.name(), rows.schema()), mode, version, "0"))) {
      writer.write(rows);
      return writer.prepare();
    }
  }

  /// Commits in a process of its own, which does not sweep, since the checkpoint is pending.
  private static void commit(SinkFixture fixture, Checkpoint checkpoint) throws Exception {
    try (Sink sink = fixture.sink();
        SinkCommitter committer = sink.openCommitter()) {
      committer.commit(checkpoint);
    }
  }

  private static void sweepAndFindNothing(SinkFixture fixture) throws Exception {
    try (Sink sink = fixture.sink();
        SinkCommitter committer = sink.openCommitter()) {
      committer.sweep();
    }
    assertThat(fixture.tables()).filteredOn(name -> name.startsWith("_tl_")).isEmpty();
  }
}
