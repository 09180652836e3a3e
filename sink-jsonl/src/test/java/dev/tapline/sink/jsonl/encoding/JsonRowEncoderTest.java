package dev.tapline.sink.jsonl.encoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.batch.ListColumn;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.catalog.Temporals;
import dev.tapline.spi.sink.GrowingClock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class JsonRowEncoderTest {
  private static final StreamName NAME = new StreamName("shop", "public", "orders");
  private static final Schema SCHEMA =
      new Schema(
          List.of(Field.of("id", Scalar.INT32, "integer"), Field.of("data", Scalar.JSON, "json")),
          List.of());

  @Test
  void describesChangesByMetadata() throws IOException {
    Batch batch = batch(SCHEMA);
    append(batch, 1, "{}");
    batch.endRow(Change.INSERT, 0x16_B374D848L, 3, 1_000_001, 731);
    append(batch, 1, "[]");
    batch.endRow(Change.DELETE, 0x16_B374D848L, 4, 1_000_001, 731);
    batch.column(0).appendNull();
    batch.column(1).appendNull();
    batch.endRow(Change.TRUNCATE, 0xAL, 0, 2_000_000, 732);
    assertThat(lines(batch, RowFormat.of(Metadata.of(MetadataField.TAPLINE))))
        .containsExactly(
            "{\"id\":1,\"data\":{},\"_op\":\"i\",\"_lsn\":\"16/B374D848\",\"_seq\":3,\"_extracted_at\":\"2000-01-01T00:00:00.000000Z\",\"_committed_at\":\"2000-01-01T00:00:01.000001Z\",\"_xid\":731}",
            "{\"id\":1,\"data\":[],\"_op\":\"d\",\"_lsn\":\"16/B374D848\",\"_seq\":4,\"_extracted_at\":\"2000-01-01T00:00:00.000000Z\",\"_committed_at\":\"2000-01-01T00:00:01.000001Z\",\"_xid\":731,\"_deleted_at\":\"2000-01-01T00:00:01.000001Z\"}",
            "{\"_op\":\"t\",\"_lsn\":\"0/A\",\"_seq\":0,\"_extracted_at\":\"2000-01-01T00:00:00.000000Z\",\"_committed_at\":\"2000-01-01T00:00:02.000000Z\",\"_xid\":732}");
  }

  @Test
  void writesStitchsFieldsWithASequenceThatGrows() throws IOException {
    Batch batch = batch(SCHEMA);
    append(batch, 1, "1");
    batch.endRow();
    append(batch, 2, "2");
    batch.endRow();
    assertThat(lines(batch, RowFormat.of(Metadata.of(MetadataField.STITCH))))
        .containsExactly(
            "{\"id\":1,\"data\":1,\"_sdc_extracted_at\":\"2000-01-01T00:00:00.000000Z\",\"_sdc_received_at\":\"2000-01-01T00:00:00.000005Z\",\"_sdc_batched_at\":\"2000-01-01T00:00:00.000005Z\",\"_sdc_sequence\":946684800000000,\"_sdc_table_version\":7}",
            "{\"id\":2,\"data\":2,\"_sdc_extracted_at\":\"2000-01-01T00:00:00.000000Z\",\"_sdc_received_at\":\"2000-01-01T00:00:00.000005Z\",\"_sdc_batched_at\":\"2000-01-01T00:00:00.000005Z\",\"_sdc_sequence\":946684800000001,\"_sdc_table_version\":7}");
  }

  @Test
  void writesStitchsFieldsOfChangesFromALog() throws IOException {
    Batch batch = batch(SCHEMA);
    append(batch, 1, "1");
    batch.endRow(Change.INSERT, 10, 0, 1_000_000, 7);
    append(batch, 1, "1");
    batch.endRow(Change.DELETE, 10, 1, 1_000_000, 7);
    batch.column(0).appendNull();
    batch.column(1).appendNull();
    batch.endRow(Change.TRUNCATE, 10, 2, 1_000_000, 7);
    assertThat(lines(batch, RowFormat.of(Metadata.of(MetadataField.STITCH))))
        .satisfiesExactly(
            insert -> assertThat(insert).doesNotContain("deleted").contains(":946684800000000,"),
            delete ->
                assertThat(delete)
                    .contains(":946684800000001,")
                    .endsWith(
                        "\"_sdc_table_version\":7,\"_sdc_deleted_at\":\"2000-01-01T00:00:01.000000Z\"}"),
            truncate ->
                assertThat(truncate)
                    .startsWith("{\"_sdc_extracted_at\"")
                    .contains(":946684800000002,"));
  }

  @Test
  void refusesADeleteThatCouldNotBeToldFromARow() throws IOException {
    Batch batch = batch(SCHEMA);
    append(batch, 1, "1");
    batch.endRow(Change.INSERT, 10, 0, 0, 7);
    assertThat(lines(batch, RowFormat.of(Metadata.NONE))).hasSize(1);
    append(batch, 1, "1");
    batch.endRow(Change.DELETE, 10, 1, 0, 7);
    assertThatThrownBy(() -> lines(batch, RowFormat.of(Metadata.NONE)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("stream public.orders: a DELETE cannot be told from a row")
        .hasMessageContaining("metadata-fields: {_op: _op}");
    assertThat(lines(batch, RowFormat.of(Metadata.of(List.of(MetadataField.DELETED_AT)))))
        .hasSize(2);
  }

  @Test
  void refusesATruncateThatCouldNotBeToldFromARow() {
    Batch batch = batch(SCHEMA);
    batch.column(0).appendNull();
    batch.column(1).appendNull();
    batch.endRow(Change.TRUNCATE, 10, 0, 0, 7);
    assertThatThrownBy(() -> lines(batch, RowFormat.of(Metadata.NONE)))
        .hasMessageContaining("a TRUNCATE cannot be told from a row");
  }

  @Test
  void leavesOutWhatWasNotCarried() throws IOException {
    Batch batch = batch(SCHEMA);
    batch.column(0).appendUnchanged();
    ((BytesColumn) batch.column(1)).append("1");
    batch.endRow(Change.UPDATE, 1, 0, 0, 1);
    batch.column(0).appendUnchanged();
    batch.column(1).appendUnchanged();
    batch.endRow(Change.UPDATE, 1, 1, 0, 1);
    batch.column(0).appendNull();
    batch.column(1).appendUnchanged();
    batch.endRow(Change.UPDATE, 1, 2, 0, 1);
    assertThat(lines(batch, RowFormat.of(Metadata.NONE)))
        .containsExactly("{\"data\":1}", "{}", "{\"id\":null}");
  }

  @Test
  void writesRowsWithoutColumns() throws IOException {
    Batch batch = batch(new Schema(List.of(), List.of()));
    batch.endRow();
    assertThat(lines(batch, RowFormat.of(Metadata.NONE))).containsExactly("{}");
    assertThat(lines(batch, RowFormat.of(Metadata.of(List.of(MetadataField.OPERATION)))))
        .containsExactly("{\"_op\":\"r\"}");
  }

  @Test
  void tellsAJsonNullFromNull() throws IOException {
    Batch batch = batch(SCHEMA);
    append(batch, 1, " null");
    batch.endRow();
    append(batch, 2, "\"null\"");
    batch.endRow();
    ((LongColumn) batch.column(0)).append(3);
    batch.column(1).appendNull();
    batch.endRow();
    assertThat(lines(batch, RowFormat.of(Metadata.of(List.of(MetadataField.JSON_NULL)))))
        .containsExactly(
            "{\"id\":1,\"data\": null,\"_json_null\":[\"data\"]}",
            "{\"id\":2,\"data\":\"null\"}",
            "{\"id\":3,\"data\":null}");
    assertThat(lines(batch, new RowFormat(Metadata.NONE, JsonPolicy.TEXT, true)))
        .containsExactly(
            "{\"id\":1,\"data\":\" null\"}",
            "{\"id\":2,\"data\":\"\\\"null\\\"\"}",
            "{\"id\":3,\"data\":null}");
  }

  @Test
  void refusesAJsonNullThatCouldNotBeToldFromNull() {
    Batch batch = batch(SCHEMA);
    append(batch, 1, "null");
    batch.endRow();
    assertThatThrownBy(() -> lines(batch, RowFormat.of(Metadata.NONE)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("stream public.orders: the column 'data' holds a JSON null")
        .hasMessageContaining("json: text");
  }

  @Test
  void writesListsThatCountFromElsewhereAsPostgresDoes() throws IOException {
    Schema schema =
        new Schema(
            List.of(
                Field.of("texts", new DataType.ListOf(Scalar.TEXT), "text[]"),
                Field.of("times", new DataType.ListOf(Scalar.TIMESTAMP_TZ), "timestamptz[]"),
                Field.of("documents", new DataType.ListOf(Scalar.JSON), "jsonb[]"),
                Field.of("points", new DataType.ListOf(Scalar.OPAQUE), "point[]")),
            List.of());
    ListColumn.Dimensions fromZero = new ListColumn.Dimensions(List.of(2), List.of(0));
    Batch batch = batch(schema);
    texts(batch, 0, "a \"b\"\\", "null").endList(fromZero);
    ListColumn times = (ListColumn) batch.column(1);
    ((LongColumn) times.elements()).append(-211_813_488_000_000_000L);
    ((LongColumn) times.elements()).append(Long.MAX_VALUE);
    times.endList(fromZero);
    texts(batch, 2, "null", "{\"a\": 1}").endList();
    texts(batch, 3, "(1,2)", "(3,4)").endList(fromZero);
    batch.endRow();
    assertThat(lines(batch, RowFormat.of(Metadata.NONE)))
        .containsExactly(
            "{\"texts\":"
                + JsonText.quote("[0:1]={\"a \\\"b\\\"\\\\\",\"null\"}")
                + ",\"times\":"
                + JsonText.quote("[0:1]={\"4714-11-24 00:00:00.000000+00 BC\",infinity}")
                + ",\"documents\":"
                + JsonText.quote("{\"null\",\"{\\\"a\\\": 1}\"}")
                + ",\"points\":"
                + JsonText.quote("[0:1]={\"(1,2)\",\"(3,4)\"}")
                + "}");
  }

  @Test
  void writesRowsThatAreLargerThanTheBuffer() throws IOException {
    Schema schema = new Schema(List.of(Field.of("t\"ext", Scalar.TEXT, "text")), List.of());
    String large = "x\"".repeat(1_000_000);
    Batch batch = batch(schema);
    ((BytesColumn) batch.column(0)).append(large);
    batch.endRow();
    assertThat(lines(batch, RowFormat.of(Metadata.NONE)))
        .containsExactly("{\"t\\\"ext\":" + JsonText.quote(large) + "}");
  }

  @Test
  void namesTheStream() throws Exception {
    Batch batch =
        batch(new Schema(List.of(Field.of("id", DataType.Scalar.INT64, "bigint")), List.of()));
    ((LongColumn) batch.column(0)).append(1);
    batch.endRow();
    assertThat(lines(batch, RowFormat.of(Metadata.of(List.of(MetadataField.STREAM)))))
        .containsExactly("{\"id\":1,\"_stream\":\"orders \\\"new\\\"\"}");
  }

  private static ListColumn texts(Batch batch, int column, String... values) {
    ListColumn list = (ListColumn) batch.column(column);
    for (String value : values) {
      ((BytesColumn) list.elements()).append(value);
    }
    return list;
  }

  // A batch takes more numbers than microseconds, and the next encoder must not begin below them.
  @Test
  void numbersOfRowsGrowFromEncoderToEncoderThoughTheClockGoesBack() throws Exception {
    Instant noon = Instant.parse("2026-07-01T12:00:00Z");
    AtomicReference<Instant> machine = new AtomicReference<>(noon);
    GrowingClock clock = new GrowingClock(machine::get, 0);
    Metadata metadata = Metadata.of(List.of(MetadataField.SDC_SEQUENCE));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    JsonBuffer out = new JsonBuffer(bytes::write);
    Schema schema = new Schema(List.of(Field.of("id", Scalar.INT64, "bigint")), List.of());
    for (int i = 0; i < 3; i++) {
      Batch batch = batch(schema);
      ((LongColumn) batch.column(0)).append(2 * i);
      batch.endRow();
      ((LongColumn) batch.column(0)).append(2 * i + 1);
      batch.endRow();
      new JsonRowEncoder(schema, RowFormat.of(metadata), "orders", 7, clock).write(batch, out, 5);
      machine.set(noon.minusSeconds(3_600));
    }
    out.drain();
    long first = noon.toEpochMilli() * 1_000;
    assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
        .containsExactlyElementsOf(
            LongStream.range(0, 6)
                .mapToObj(id -> "{\"id\":%d,\"_sdc_sequence\":%d}".formatted(id, first + id))
                .toList());
  }

  private static Batch batch(Schema schema) {
    Batch batch = new Batch(NAME, schema, 4);
    batch.clear(0);
    return batch;
  }

  private static void append(Batch batch, long id, String document) {
    ((LongColumn) batch.column(0)).append(id);
    ((BytesColumn) batch.column(1)).append(document);
  }

  private static List<String> lines(Batch batch, RowFormat format) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    JsonBuffer out = new JsonBuffer(bytes::write);
    GrowingClock clock = new GrowingClock(InstantSource.fixed(Temporals.instant(0)), 0);
    new JsonRowEncoder(batch.schema(), format, "orders \"new\"", 7, clock).write(batch, out, 5);
    out.drain();
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
