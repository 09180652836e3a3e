package dev.tapline.sink.jdbc.testing;

import static dev.tapline.sink.jdbc.testing.SinkFixture.batch;
import static dev.tapline.sink.jdbc.testing.SinkFixture.change;
import static dev.tapline.sink.jdbc.testing.SinkFixture.schema;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Schema;
import java.util.List;

/// Rows that the tests of several databases share.
public final class SampleRows {
  private static final Schema TWO = schema("note", "large");

  private SampleRows() {}

  /// Three rows to begin with.
  public static Batch first() {
    Batch first = batch(TWO);
    change(first, Change.INSERT, 1, "a", "large 1");
    change(first, Change.INSERT, 2, "b", "large 2");
    change(first, Change.INSERT, 3, "c", "large 3");
    return first;
  }

  /// Changes of them, some of which have the note `bad`.
  public static Batch second() {
    Batch second = batch(TWO);
    change(second, Change.UPDATE, 1, "bad", "unchanged");
    change(second, Change.DELETE, 2, null, null);
    change(second, Change.INSERT, 20, "moved", "unchanged");
    change(second, Change.DELETE, 3, null, null);
    for (int i = 30; i < 60; i++) {
      change(second, Change.INSERT, i, i % 10 == 7 ? "bad" : "good", "x");
    }
    return second;
  }

  /// Rows with a code.
  public static Batch codes(Change change, long... idsAndCodes) {
    Batch codes =
        batch(
            new Schema(
                List.of(
                    new Field("id", Scalar.INT64, false, "bigint", ""),
                    new Field("code", Scalar.INT64, true, "bigint", "")),
                List.of("id")));
    for (int i = 0; i < idsAndCodes.length; i += 2) {
      ((LongColumn) codes.column(0)).append(idsAndCodes[i]);
      ((LongColumn) codes.column(1)).append(idsAndCodes[i + 1]);
      codes.endRow(change, 4711, i, 1_000_000, 731);
    }
    return codes;
  }

  /// A row that another unique index does not take never comes in the place of the row that has its
  /// value there.
  public static void refusesARowOfAnotherUniqueIndex(SinkFixture failing, SinkFixture keeping)
      throws Exception {
    failing.add(codes(Change.INSERT, 1, 10, 2, 20));
    failing.execute("CREATE UNIQUE INDEX other ON \"orders\" (\"code\")");

    assertThatThrownBy(() -> failing.add(codes(Change.INSERT, 3, 20, 4, 40)))
        .hasMessageContaining("does not take a row into its table");
    assertThatThrownBy(() -> failing.add(codes(Change.UPDATE, 1, 20)))
        .hasMessageContaining("does not take a row into its table");
    assertThat(failing.query("SELECT \"id\", \"code\" FROM \"orders\" ORDER BY \"id\""))
        .containsExactly("1|10", "2|20");

    keeping.goOnAfter(failing);
    keeping.add(codes(Change.UPDATE, 1, 11, 2, 20, 3, 20, 4, 40));
    assertThat(keeping.query("SELECT \"id\", \"code\" FROM \"orders\" ORDER BY \"id\""))
        .containsExactly("1|11", "2|20", "4|40");
    assertThat(keeping.query("SELECT \"stream\", \"record\" FROM \"_tapline_rejected\""))
        .containsExactly("orders|{\"id\":\"3\",\"code\":\"20\"}");
  }

  /// A schema with many columns beside the key.
  public static Schema wide(int columns) {
    String[] names = new String[columns];
    for (int i = 0; i < columns; i++) {
      names[i] = "column_" + i;
    }
    return SinkFixture.schema(names);
  }
}
