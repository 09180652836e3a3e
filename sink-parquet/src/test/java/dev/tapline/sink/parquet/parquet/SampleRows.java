package dev.tapline.sink.parquet.parquet;

import dev.tapline.sink.parquet.plan.FilePlan;
import dev.tapline.sink.parquet.plan.Special;
import dev.tapline.sink.parquet.plan.TypePolicy;
import dev.tapline.sink.parquet.plan.WideDecimals;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.BooleanColumn;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.DoubleColumn;
import dev.tapline.spi.batch.ListColumn;
import dev.tapline.spi.batch.ListColumn.Shape;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Decimal;
import dev.tapline.spi.catalog.DataType.ListOf;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.catalog.Temporals;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Rows of random values of every type that a file has, the same for the same seed.
final class SampleRows {
  private static final String BASE = "the same beginning, then ";
  private static final double[] FRACTIONS = {
    Double.NaN, -0.0, 0.0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1.5, -1.5
  };
  private static final List<Sample> SAMPLES =
      List.of(
          new Sample("flag", Scalar.BOOLEAN, (c, r, i) -> flag(c, r.nextBoolean())),
          new Sample("always", Scalar.BOOLEAN, (c, r, i) -> flag(c, true)),
          new Sample("small", Scalar.INT16, (c, r, i) -> number(c, (short) r.nextInt())),
          new Sample("number", Scalar.INT32, (c, r, i) -> number(c, r.nextInt())),
          new Sample("constant", Scalar.INT32, (c, r, i) -> number(c, -7)),
          new Sample("id", Scalar.INT64, (c, r, i) -> number(c, i)),
          new Sample("few", Scalar.INT64, (c, r, i) -> number(c, r.nextInt(30) * -1L << 40)),
          // A dictionary that pays at first, and is too small later.
          new Sample("growing", Scalar.INT64, (c, r, i) -> number(c, i < 5_000 ? i / 9 : i)),
          new Sample(
              "single", Scalar.FLOAT32, (c, r, i) -> fraction(c, r, (float) r.nextGaussian())),
          new Sample("fraction", Scalar.FLOAT64, (c, r, i) -> fraction(c, r, r.nextGaussian())),
          new Sample("nan", Scalar.FLOAT64, (c, r, i) -> fraction(c, r, Double.NaN)),
          new Sample(
              "day",
              Scalar.DATE,
              (c, r, i) ->
                  number(c, r.nextInt(50) == 0 ? Temporals.INFINITY : r.nextInt(900) - 450)),
          new Sample("time", Scalar.TIME, (c, r, i) -> number(c, r.nextLong(86_400_000_000L))),
          new Sample(
              "at", Scalar.TIMESTAMP, (c, r, i) -> number(c, i * 1_000_000L - 9_000_000_000L)),
          new Sample("moment", Scalar.TIMESTAMP_TZ, (c, r, i) -> number(c, r.nextInt())),
          new Sample(
              "money",
              new Decimal(9, 2),
              (c, r, i) -> number(c, r.nextInt(40) == 0 ? Decimal.NAN : r.nextInt(2_000) - 1_000)),
          new Sample("sum", new Decimal(18, 4), (c, r, i) -> number(c, r.nextInt())),
          new Sample("total", new Decimal(38, 6), (c, r, i) -> text(c, decimal(r, 120))),
          new Sample("rate", new Decimal(30, 6), (c, r, i) -> text(c, decimal(r, 6))),
          new Sample("short", Scalar.TEXT, (c, r, i) -> bytes(c, text(r, r.nextInt(21)))),
          new Sample(
              "word", Scalar.TEXT, (c, r, i) -> text(c, i % 700 == 0 ? "" : "é" + r.nextInt(50))),
          new Sample(
              "shared", Scalar.TEXT, (c, r, i) -> text(c, BASE.substring(r.nextInt(18)) + i / 50)),
          new Sample(
              "growing_text", Scalar.TEXT, (c, r, i) -> text(c, "w" + (i < 5_000 ? i / 9 : i))),
          new Sample(
              "huge",
              Scalar.TEXT,
              (c, r, i) -> bytes(c, text(r, i % 701 == 3 ? 5_000 + r.nextInt(5_000) : 70))),
          new Sample("doc", Scalar.JSON, (c, r, i) -> text(c, "{\"a\": " + r.nextInt(1_000) + "}")),
          new Sample("raw", Scalar.BYTES, (c, r, i) -> bytes(c, raw(r, r.nextInt(12)))),
          new Sample("zeros", Scalar.BYTES, (c, r, i) -> bytes(c, new byte[r.nextInt(12)])),
          new Sample("uid", Scalar.UUID, (c, r, i) -> bytes(c, raw(r, 16))),
          new Sample(
              "owner", Scalar.UUID, (c, r, i) -> bytes(c, raw(new Random(r.nextInt(20)), 16))),
          new Sample("flags", new ListOf(Scalar.BOOLEAN), (c, r, i) -> list(c, r, i)),
          new Sample("tags", new ListOf(Scalar.TEXT), (c, r, i) -> list(c, r, i)),
          new Sample("numbers", new ListOf(Scalar.INT32), (c, r, i) -> list(c, r, i)),
          new Sample("owners", new ListOf(Scalar.UUID), (c, r, i) -> list(c, r, i)),
          new Sample("days", new ListOf(Scalar.DATE), (c, r, i) -> list(c, r, i)),
          new Sample("grid", new ListOf(Scalar.INT64), (c, r, i) -> grid(c, r, i)));

  static final Schema SCHEMA =
      new Schema(
          SAMPLES.stream().map(sample -> Field.of(sample.name(), sample.type(), "type")).toList(),
          List.of());

  static final FilePlan PLAN =
      FilePlan.of(
          "orders",
          SCHEMA,
          false,
          new TypePolicy(
              Special.NULL,
              WideDecimals.TEXT,
              dev.tapline.sink.parquet.plan.Arrays.LIST,
              List.of(),
              Map.of("orders.grid", 2)));

  /// Which rows have NULL.
  enum Nulls {
    NONE,
    SOME,
    ALL,
    ALTERNATING,
    RUNS,
    LATE;

    boolean at(Random random, int row, int rows) {
      return switch (this) {
        case NONE -> false;
        case SOME -> random.nextInt(10) == 0;
        case ALL -> true;
        case ALTERNATING -> row % 2 == 0;
        case RUNS -> row / 37 % 3 == 0;
        case LATE -> row >= rows / 2;
      };
    }
  }

  private interface Value {
    void append(Column column, Random random, int row);
  }

  private record Sample(String name, DataType type, Value value) {}

  private SampleRows() {}

  static List<Batch> batches(long seed, Nulls nulls, int rows, int batchRows) {
    Random random = new Random(seed);
    List<Batch> batches = new ArrayList<>();
    for (int from = 0; from < rows; from += batchRows) {
      Batch batch = new Batch(new StreamName("shop", "public", "orders"), SCHEMA, 16);
      batch.clear(0);
      for (int row = from; row < Math.min(rows, from + batchRows); row++) {
        for (int i = 0; i < SAMPLES.size(); i++) {
          if (nulls.at(random, row, rows)) {
            batch.column(i).appendNull();
          } else {
            SAMPLES.get(i).value().append(batch.column(i), random, row);
          }
        }
        batch.endRow();
      }
      batches.add(batch);
    }
    return batches;
  }

  private static void flag(Column column, boolean value) {
    ((BooleanColumn) column).append(value);
  }

  private static void number(Column column, long value) {
    ((LongColumn) column).append(value);
  }

  private static void fraction(Column column, Random random, double value) {
    ((DoubleColumn) column)
        .append(random.nextInt(20) == 0 ? FRACTIONS[random.nextInt(FRACTIONS.length)] : value);
  }

  private static void text(Column column, String value) {
    ((BytesColumn) column).append(value);
  }

  private static void bytes(Column column, byte[] value) {
    ((BytesColumn) column).append(value);
  }

  private static String decimal(Random random, int bits) {
    BigInteger digits = new BigInteger(bits, random);
    return new BigDecimal(random.nextBoolean() ? digits : digits.negate(), 6).toPlainString();
  }

  private static byte[] text(Random random, int length) {
    byte[] text = new byte[length];
    for (int i = 0; i < length; i++) {
      text[i] = (byte) ('a' + random.nextInt(i < 8 ? 2 : 26));
    }
    return text;
  }

  private static byte[] raw(Random random, int length) {
    byte[] raw = new byte[length];
    random.nextBytes(raw);
    return raw;
  }

  // One of them is larger than a page.
  private static void list(Column column, Random random, int row) {
    ListColumn list = (ListColumn) column;
    elements(list.elements(), random, row % 907 == 5 ? 3_000 : random.nextInt(4));
    list.endList();
  }

  private static void grid(Column column, Random random, int row) {
    ListColumn list = (ListColumn) column;
    int width = row % 907 == 5 ? 900 : 1 + random.nextInt(3);
    int height = random.nextInt(4);
    elements(list.elements(), random, height * width);
    if (height == 0) {
      list.endList();
    } else {
      list.endList(new Shape(List.of(height, width), List.of(1, 1)));
    }
  }

  private static void elements(Column elements, Random random, int count) {
    for (int i = 0; i < count; i++) {
      if (random.nextInt(6) == 0) {
        elements.appendNull();
      } else {
        switch (elements) {
          case BooleanColumn flags -> flags.append(random.nextBoolean());
          case LongColumn numbers ->
              numbers.append(
                  random.nextInt(30) == 0 && numbers.type() == Scalar.DATE
                      ? Temporals.INFINITY
                      : random.nextInt(5_000) - 50);
          case BytesColumn bytes when bytes.type() == Scalar.UUID ->
              bytes.append(raw(new Random(random.nextInt(9)), 16));
          case BytesColumn bytes -> bytes.append(text(random, random.nextInt(9)));
          default -> throw new IllegalStateException("no elements of " + elements.type());
        }
      }
    }
  }
}
