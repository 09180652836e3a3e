package dev.tapline.sink.parquet.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.sink.parquet.ParquetFormat;
import dev.tapline.sink.parquet.avro.AvroCompression;
import dev.tapline.sink.parquet.avro.AvroFormat;
import dev.tapline.sink.parquet.fixture.DuckDb;
import dev.tapline.sink.parquet.fixture.SinkFixture;
import dev.tapline.sink.parquet.fixture.TestFiles;
import dev.tapline.sink.parquet.format.FileFormat;
import dev.tapline.sink.parquet.format.RowReader;
import dev.tapline.sink.parquet.writer.ParquetWriterConfig;
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
import dev.tapline.spi.catalog.DataType.ListOf;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.Temporals;
import dev.tapline.testkit.Canonical;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Types as both formats store them.
final class TypeMappingTest {
  private record Sample(
      String name, DataType type, Consumer<Column> value, String duckType, String duckValue) {}

  private static final long MOMENT =
      Temporals.micros(LocalDateTime.parse("2026-11-20T14:12:34.896160"));
  private static final long ANCIENT = Temporals.micros(LocalDateTime.parse("-4712-01-01T00:00:00"));

  private static final List<Sample> SAMPLES =
      List.of(
          new Sample(
              "flag", Scalar.BOOLEAN, c -> ((BooleanColumn) c).append(true), "BOOLEAN", "true"),
          longs("i16", Scalar.INT16, -32768, "SMALLINT", "-32768"),
          longs("i32", Scalar.INT32, Integer.MIN_VALUE, "INTEGER", "-2147483648"),
          longs("i64", Scalar.INT64, Long.MIN_VALUE, "BIGINT", "-9223372036854775808"),
          doubles("f32", Scalar.FLOAT32, 0.1f, "FLOAT", "0.1"),
          doubles("f64", Scalar.FLOAT64, Double.NaN, "DOUBLE", "nan"),
          longs("day", Scalar.DATE, -141_427, "DATE", "1582-10-15"),
          longs("old_day", Scalar.DATE, -2_440_588, "DATE", "4714-11-24 (BC)"),
          longs("time", Scalar.TIME, 51_154_896_160L, "TIME", "14:12:34.89616"),
          longs("ts", Scalar.TIMESTAMP, MOMENT, "TIMESTAMP", "2026-11-20 14:12:34.89616"),
          longs("old_ts", Scalar.TIMESTAMP, ANCIENT, "TIMESTAMP", "4713-01-01 (BC) 00:00:00"),
          longs("n4", new Decimal(9, 2), -123_456_789, "DECIMAL(9,2)", "-1234567.89"),
          longs("n8", new Decimal(18, 18), 1, "DECIMAL(18,18)", ".000000000000000001"),
          texts("n16", new Decimal(38, 3), "-" + "9".repeat(35) + ".999", "DECIMAL(38,3)"),
          texts("n_neg", new Decimal(20, -2), "-12300", "DECIMAL(22,0)"),
          texts("n_wide", new Decimal(39, 0), "1" + "0".repeat(38), "VARCHAR"),
          texts("n_any", Decimal.UNLIMITED, "1.500", "VARCHAR"),
          texts("text", Scalar.TEXT, "a\u0001 \"é\"\uD83D\uDE00", "VARCHAR"),
          texts("mood", new DataType.Enumeration(List.of("sad")), "happy", "VARCHAR"),
          texts("doc", Scalar.JSON, "{\"a\" : 1.0, \"a\": null}", "JSON"),
          texts("span", Scalar.OPAQUE, "1 mon 2 days", "VARCHAR"),
          new Sample(
              "raw",
              Scalar.BYTES,
              c -> ((BytesColumn) c).append(new byte[] {0, -1}),
              "BLOB",
              "\\x00\\xFF"),
          new Sample(
              "uid",
              Scalar.UUID,
              c ->
                  ((BytesColumn) c)
                      .append(
                          ByteBuffer.allocate(16)
                              .putLong(0x7d4448409dc011d1L)
                              .putLong(0xb2455ffdce74fad2L)
                              .array()),
              "UUID",
              "7d444840-9dc0-11d1-b245-5ffdce74fad2"),
          new Sample("none", new ListOf(Scalar.INT32), c -> list(c).endList(), "INTEGER[]", "[]"),
          new Sample(
              "list",
              new ListOf(Scalar.INT32),
              c -> list(c, 1L, null, 3L).endList(),
              "INTEGER[]",
              "[1, NULL, 3]"),
          new Sample(
              "money_list",
              new ListOf(new Decimal(12, 2)),
              c -> list(c, 150L, null).endList(),
              "DECIMAL(12,2)[]",
              "[1.50, NULL]"),
          new Sample(
              "grid",
              new ListOf(Scalar.INT32),
              c ->
                  list(c, 1L, 2L, 3L, null, 5L, 6L)
                      .endList(new Dimensions(List.of(3, 2), List.of(1, 1))),
              "INTEGER[][]",
              "[[1, 2], [3, NULL], [5, 6]]"),
          new Sample(
              "cube",
              new ListOf(Scalar.INT64),
              c ->
                  list(c, IntStream.rangeClosed(1, 12).mapToObj(Long::valueOf).toArray(Long[]::new))
                      .endList(new Dimensions(List.of(2, 3, 2), List.of(1, 1, 1))),
              "BIGINT[][][]",
              "[[[1, 2], [3, 4], [5, 6]], [[7, 8], [9, 10], [11, 12]]]"));

  private static final Schema SCHEMA =
      new Schema(
          SAMPLES.stream()
              .map(sample ->
                  new Field(sample.name(), sample.type(), true, "type", "of " + sample.name()))
              .toList(),
          List.of());

  @TempDir Path folder;

  private SinkFixture fixture(String format, String special) {
    return new SinkFixture(
        folder,
        Map.of(
            "format", format,
            "special-values", special,
            "array-dimensions", Map.of("*.grid", "2", "orders.cube", "3")));
  }

  @Test
  void duckDbReadsEachValueInItsType() throws Exception {
    SinkFixture fixture = fixture("parquet", "fail");
    fixture.add(1, rows());
    String table = DuckDb.table(fixture.files());
    List<List<String>> types = DuckDb.query("DESCRIBE SELECT * FROM " + table);
    for (int i = 0; i < SAMPLES.size(); i++) {
      Sample sample = SAMPLES.get(i);
      assertThat(types.get(i).subList(0, 2)).containsExactly(sample.name(), sample.duckType());
      String values = "SELECT CAST(%s AS VARCHAR) FROM %s".formatted(sample.name(), table);
      assertThat(DuckDb.query(values))
          .extracting(List::getFirst)
          .as(sample.name())
          .containsExactly(sample.duckValue(), null, sample.duckValue());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"parquet", "avro"})
  void comesBackAsItWas(String format) throws Exception {
    SinkFixture fixture = fixture(format, "fail");
    fixture.add(1, rows());
    Path file = TestFiles.in(folder.resolve("orders"), "." + format).getFirst();
    try (FileFormat files = files(format);
        RowReader reader = files.open(file, column -> true)) {
      Batch read = reader.next().orElseThrow();
      Batch written = rows();
      assertThat(read.rows()).isEqualTo(3);
      for (int row = 0; row < 3; row++) {
        assertThat(Canonical.row(read, row)).isEqualTo(Canonical.row(written, row));
      }
      assertThat(reader.next()).isEmpty();
    }
  }

  @Test
  void avrosOwnLibraryReadsLogicalTypesIdsAndComments() throws Exception {
    fixture("avro", "fail").add(1, rows());
    Path file = TestFiles.in(folder.resolve("orders"), ".avro").getFirst();
    try (DataFileReader<GenericRecord> reader =
        new DataFileReader<>(file.toFile(), new GenericDatumReader<>())) {
      org.apache.avro.Schema.Field amount = reader.getSchema().getField("n16");
      assertThat(amount.doc()).isEqualTo("of n16");
      assertThat(amount.getObjectProp("field-id")).isInstanceOf(Integer.class);
      assertThat(amount.schema().getTypes().get(1).getLogicalType().getName()).isEqualTo("decimal");
      GenericRecord row = reader.next();
      assertThat(row.get("day")).isEqualTo(-141_427);
      assertThat(row.get("uid")).hasToString("7d444840-9dc0-11d1-b245-5ffdce74fad2");
      assertThat(row.get("grid")).hasToString("[[1, 2], [3, null], [5, 6]]");
      assertThat(row.get("ts")).isEqualTo(MOMENT + Temporals.EPOCH_MICROS);
      assertThat(reader.next().get("day")).isNull();
    }
  }

  @Test
  void bothFormatsCarryOneSchema() throws Exception {
    fixture("avro", "fail").add(1, rows());
    Path avro = TestFiles.in(folder.resolve("orders"), ".avro").getFirst();
    Path parquetFolder = folder.resolve("parquet");
    SinkFixture parquet =
        new SinkFixture(
            parquetFolder, Map.of("array-dimensions", Map.of("*.grid", "2", "orders.cube", "3")));
    parquet.add(1, rows());
    List<List<String>> footer =
        DuckDb.query(
            "SELECT decode(value) FROM parquet_kv_metadata('%s') WHERE decode(key) = 'parquet.avro.schema'"
                .formatted(parquet.files().getFirst()));
    try (DataFileReader<GenericRecord> reader =
        new DataFileReader<>(avro.toFile(), new GenericDatumReader<>())) {
      assertThat(new org.apache.avro.Schema.Parser().parse(footer.getFirst().getFirst()))
          .isEqualTo(reader.getSchema());
    }
  }

  @Test
  void failsForAValueThatTheFormatCannotHold() {
    Batch batch = SinkFixture.batch(dates());
    ((LongColumn) batch.column(0)).append(Temporals.INFINITY);
    batch.endRow();
    assertThatThrownBy(() -> fixture("parquet", "fail").add(1, batch))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("stream public.orders: column 'due': the value infinity")
        .hasMessageContaining("set sink.special-values to null or text");
  }

  @Test
  void writesNullForItWhenToldTo() throws Exception {
    Batch batch = SinkFixture.batch(dates());
    ((LongColumn) batch.column(0)).append(Temporals.INFINITY);
    batch.endRow();
    ((LongColumn) batch.column(0)).append(1);
    batch.endRow();
    SinkFixture fixture = fixture("parquet", "null");
    fixture.add(1, batch);
    assertThat(DuckDb.query("SELECT CAST(due AS VARCHAR) FROM " + DuckDb.table(fixture.files())))
        .extracting(List::getFirst)
        .containsExactly(null, "1970-01-02");
  }

  @Test
  void writesOnlyTheNamedColumnAsText() throws Exception {
    Batch batch = SinkFixture.batch(dates());
    ((LongColumn) batch.column(0)).append(Temporals.NEGATIVE_INFINITY);
    batch.endRow();
    SinkFixture fixture = new SinkFixture(folder, Map.of("text-columns", List.of("orders.d*")));
    fixture.add(1, batch);
    assertThat(DuckDb.query("SELECT due FROM " + DuckDb.table(fixture.files())))
        .containsExactly(List.of("-infinity"));
  }

  @Test
  void refusesAWideDecimalBeforeTheRun() throws Exception {
    Schema schema = new Schema(List.of(Field.of("n", Decimal.UNLIMITED, "numeric")), List.of());
    SinkFixture fixture = new SinkFixture(folder, Map.of("wide-decimals", "fail"));
    try (var sink = fixture.sink()) {
      assertThat(sink.check(List.of(SinkFixture.stream("orders", schema))))
          .anyMatch(finding -> finding.toString().contains("no declared precision"));
    }
  }

  @Test
  void refusesAListOfAnotherShape() {
    Batch batch =
        SinkFixture.batch(
            new Schema(List.of(Field.of("l", new ListOf(Scalar.INT32), "integer[]")), List.of()));
    list(batch.column(0), 1L, 2L).endList(new Dimensions(List.of(2), List.of(0)));
    batch.endRow();
    assertThatThrownBy(() -> fixture("parquet", "fail").add(1, batch))
        .hasMessageContaining("the value [0:1]={1,2}")
        .hasMessageContaining("sink.array-dimensions");
  }

  private static Schema dates() {
    return new Schema(List.of(Field.of("due", Scalar.DATE, "date")), List.of());
  }

  private static FileFormat files(String format) {
    return format.equals("avro")
        ? new AvroFormat(AvroCompression.ZSTD, 1)
        : new ParquetFormat(ParquetWriterConfig.DEFAULT, 2);
  }

  private static Batch rows() {
    Batch batch = SinkFixture.batch(SCHEMA);
    for (int row = 0; row < 3; row++) {
      for (int i = 0; i < SAMPLES.size(); i++) {
        if (row == 1) {
          batch.column(i).appendNull();
        } else {
          SAMPLES.get(i).value().accept(batch.column(i));
        }
      }
      batch.endRow();
    }
    return batch;
  }

  private static Sample longs(
      String name, DataType type, long value, String duckType, String duckValue) {
    return new Sample(name, type, c -> ((LongColumn) c).append(value), duckType, duckValue);
  }

  private static Sample doubles(
      String name, DataType type, double value, String duckType, String duckValue) {
    return new Sample(name, type, c -> ((DoubleColumn) c).append(value), duckType, duckValue);
  }

  private static Sample texts(String name, DataType type, String value, String duckType) {
    return new Sample(name, type, c -> ((BytesColumn) c).append(value), duckType, value);
  }

  private static ListColumn list(Column column, Long... values) {
    ListColumn lists = (ListColumn) column;
    for (Long value : new ArrayList<>(java.util.Arrays.asList(values))) {
      if (value == null) {
        lists.elements().appendNull();
      } else {
        ((LongColumn) lists.elements()).append(value);
      }
    }
    return lists;
  }
}
