package dev.tapline.testkit;

import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.BooleanColumn;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.DoubleColumn;
import dev.tapline.spi.batch.ListColumn;
import dev.tapline.spi.batch.ListColumn.Dimensions;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Decimal;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Schema;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Every type with the values that break other tools.
final class Samples {
  /// A column with values for it.
  private record Kind(Field field, List<Consumer<Column>> values) {}

  private static final String[] TEXTS = {
    "",
    " ",
    "plain",
    "quote\" backslash\\ slash/ lone \\",
    "\u0001\u001f\t\n\r\b\f\u007f",
    "üñ漢字\uD83D\uDE00\u2028\u2029\uFEFF",
    "null",
    "{\"not\": \"json\"}",
    "long ".repeat(20_000)
  };

  private static final String[] DOCUMENTS = {
    "{\"a\":1,\"a\":1.000,\"b\":[1e400, -0]}",
    "{\n\t\"spaced\" : \"out \\n \\u0041\" ,\r\n \"x\":null}",
    "\"null\"",
    "null",
    " null ",
    "12345678901234567890.10",
    "[]"
  };

  private static final List<Kind> KINDS = kinds();

  /// A key `id`, then a column for each type.
  static final Schema SCHEMA = schema();

  private Samples() {}

  /// How many rows it takes to have each value once, and NULL in each column but the key.
  static int count() {
    return 1 + KINDS.stream().mapToInt(kind -> kind.values().size()).max().orElse(0);
  }

  /// Appends all values, a row each; where a type has fewer values than others, NULL.
  static void fill(Batch batch) {
    for (int row = 0; row < count(); row++) {
      ((LongColumn) batch.column(0)).append(row);
      for (int i = 0; i < KINDS.size(); i++) {
        List<Consumer<Column>> values = KINDS.get(i).values();
        Column column = batch.column(i + 1);
        if (row < values.size()) {
          values.get(row).accept(column);
        } else {
          column.appendNull();
        }
      }
      batch.endRow();
    }
  }

  private static Schema schema() {
    List<Field> fields = new ArrayList<>();
    fields.add(new Field("id", Scalar.INT64, false, "bigint", ""));
    KINDS.forEach(kind -> fields.add(kind.field()));
    return new Schema(fields, List.of("id"));
  }

  private static List<Kind> kinds() {
    long max = Long.MAX_VALUE;
    long min = Long.MIN_VALUE;
    return List.of(
        new Kind(
            Field.of("a boolean", Scalar.BOOLEAN, "boolean"),
            List.of(c -> ((BooleanColumn) c).append(true), c -> ((BooleanColumn) c).append(false))),
        longs("int16", Scalar.INT16, "smallint", 0, -32768, 32767),
        longs("int32", Scalar.INT32, "integer", 0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE),
        longs("int64", Scalar.INT64, "bigint", 0, 9007199254740993L, min, max),
        doubles("float32", Scalar.FLOAT32, "real", 0.1f, -0.0f, Float.MIN_VALUE, Float.MAX_VALUE),
        doubles(
            "float64",
            Scalar.FLOAT64,
            "double precision",
            0.1,
            -0.0,
            1e300,
            Double.MIN_VALUE,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY),
        longs("date", Scalar.DATE, "date", 0, -1, -719_529, -2_440_588, 2_145_031_948, min, max),
        longs("time", Scalar.TIME, "time", 0, 1, 51_154_896_160L, 86_399_999_999L, 86_400_000_000L),
        longs("timestamp", Scalar.TIMESTAMP, "timestamp", timestamps()),
        longs("timestamp_tz", Scalar.TIMESTAMP_TZ, "timestamptz", timestamps()),
        longs(
            "decimal",
            new Decimal(12, 2),
            "numeric(12,2)",
            150,
            -5,
            0,
            999_999_999_999L,
            Decimal.NAN,
            Decimal.INFINITY,
            Decimal.NEGATIVE_INFINITY),
        texts(
            "numeric",
            Decimal.UNLIMITED,
            "numeric",
            "0",
            "-0.000",
            "1" + "0".repeat(1000) + ".10",
            "NaN",
            "Infinity",
            "-Infinity"),
        texts("text", Scalar.TEXT, "text", TEXTS),
        texts("word", new DataType.Enumeration(List.of("new", "done")), "status", "new", "added"),
        texts("json", Scalar.JSON, "json", DOCUMENTS),
        new Kind(Field.of("bytes", Scalar.BYTES, "bytea"), bytes(new byte[0], allBytes())),
        new Kind(Field.of("uuid", Scalar.UUID, "uuid"), bytes(uuid(new UUID(min, -1)))),
        texts("interval", Scalar.OPAQUE, "interval", "1 mon 2 days -00:00:00.000001", ""),
        integerLists(),
        textLists());
  }

  private static long[] timestamps() {
    return new long[] {
      0,
      -1,
      848_585_554_896_160L,
      // 4713 BC and 294276 AD, the first and the last that PostgreSQL knows.
      -211_813_488_000_000_000L,
      9_223_371_331_199_999_999L,
      Long.MIN_VALUE,
      Long.MAX_VALUE
    };
  }

  private static Kind integerLists() {
    Field field = Field.of("integers", new DataType.ListOf(Scalar.INT32), "integer[]");
    return new Kind(
        field,
        List.of(
            c -> integers(c).endList(),
            c -> integers(c, 1L, null, -3L).endList(),
            c ->
                integers(c, 1L, 2L, 3L, 4L, null, 6L)
                    .endList(new Dimensions(List.of(3, 2), List.of(1, 1))),
            c -> integers(c, 1L, null).endList(new Dimensions(List.of(2), List.of(-2))),
            c ->
                integers(c, 1L, 2L, 3L, 4L)
                    .endList(new Dimensions(List.of(1, 2, 2), List.of(1, 1, 1)))));
  }

  private static Kind textLists() {
    Field field = Field.of("texts", new DataType.ListOf(Scalar.TEXT), "text[]");
    return new Kind(
        field,
        List.of(c -> {
          ListColumn list = (ListColumn) c;
          BytesColumn elements = (BytesColumn) list.elements();
          elements.append("NULL");
          elements.appendNull();
          elements.append("a,\"b\"\n{}");
          elements.append("");
          list.endList();
        }));
  }

  private static ListColumn integers(Column column, @Nullable Long... values) {
    ListColumn list = (ListColumn) column;
    for (@Nullable Long value : values) {
      if (value == null) {
        list.elements().appendNull();
      } else {
        ((LongColumn) list.elements()).append(value);
      }
    }
    return list;
  }

  private static Kind longs(String name, DataType type, String sourceType, long... values) {
    List<Consumer<Column>> appends = new ArrayList<>();
    for (long value : values) {
      appends.add(column -> ((LongColumn) column).append(value));
    }
    return new Kind(Field.of(name, type, sourceType), appends);
  }

  private static Kind doubles(String name, DataType type, String sourceType, double... values) {
    List<Consumer<Column>> appends = new ArrayList<>();
    for (double value : values) {
      appends.add(column -> ((DoubleColumn) column).append(value));
    }
    return new Kind(Field.of(name, type, sourceType), appends);
  }

  private static Kind texts(String name, DataType type, String sourceType, String... values) {
    List<Consumer<Column>> appends = new ArrayList<>();
    for (String value : values) {
      appends.add(column -> ((BytesColumn) column).append(value));
    }
    return new Kind(Field.of(name, type, sourceType), appends);
  }

  private static List<Consumer<Column>> bytes(byte[]... values) {
    List<Consumer<Column>> appends = new ArrayList<>();
    for (byte[] value : values) {
      appends.add(column -> ((BytesColumn) column).append(value));
    }
    return appends;
  }

  private static byte[] allBytes() {
    byte[] bytes = new byte[256];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    return bytes;
  }

  private static byte[] uuid(UUID uuid) {
    return ByteBuffer.allocate(16)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits())
        .array();
  }
}
