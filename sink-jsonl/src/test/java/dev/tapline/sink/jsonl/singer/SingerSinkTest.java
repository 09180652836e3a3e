package dev.tapline.sink.jsonl.singer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.tapline.sink.jsonl.encoding.JsonPolicy;
import dev.tapline.sink.jsonl.encoding.Metadata;
import dev.tapline.sink.jsonl.encoding.MetadataField;
import dev.tapline.sink.jsonl.encoding.RowFormat;
import dev.tapline.sink.jsonl.fixture.Streams;
import dev.tapline.spi.Position;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.batch.ListColumn;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.sink.Checkpoint;
import dev.tapline.spi.sink.GrowingClock;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.SinkState;
import dev.tapline.spi.sink.SinkWriter;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.sink.WriterContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class SingerSinkTest {
  private static final Schema SCHEMA =
      new Schema(
          List.of(
              new Field("id", Scalar.INT64, false, "bigint", ""),
              Field.of("price", new DataType.Decimal(12, 2), "numeric(12,2)"),
              Field.of("at", Scalar.TIMESTAMP, "timestamp"),
              Field.of("day", Scalar.DATE, "date"),
              Field.of("data", Scalar.JSON, "jsonb"),
              Field.of("tags", new DataType.ListOf(Scalar.TEXT), "text[]")),
          List.of("id"));
  private static final Stream ORDERS = Streams.of("orders", SCHEMA, "INCREMENTAL", "at");

  private static final RowFormat ROWS =
      new RowFormat(
          Metadata.of(List.of(MetadataField.SDC_DELETED_AT, MetadataField.JSON_NULL)),
          JsonPolicy.EMBED,
          false);

  // A column of that name must not be taken for Singer's.
  private static final Position POSITION =
      Position.of(Map.of("key.at", "2000-01-01", "version", "x"));
  private static final SinkState STATE =
      new SinkState(
          Map.of(ORDERS.name(), new SinkState.Entry("INCREMENTAL", "orders", 5, POSITION)), 5, 77);
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path folder;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void isReadByATarget() throws Exception {
    run(5);
    SingerTarget target = new SingerTarget();
    target.read(out.toString(StandardCharsets.UTF_8));
    assertThat(target.types)
        .containsExactly("SCHEMA", "RECORD", "RECORD", "ACTIVATE_VERSION", "STATE");
    SingerTarget.Table orders = target.tables.get("orders");
    assertThat(orders.activeVersion).isEqualTo(5);
    assertThat(orders.messages).hasSize(2);
    JsonNode first = orders.messages.getFirst();
    assertThat(first.get("record").toString())
        .isEqualTo(
            "{\"id\":1,\"price\":1.50,\"at\":\"2000-01-01T00:00:00.000000Z\",\"day\":\"1970-01-01\",\"data\":{\"a\":1},\"tags\":[\"x\",null]}");
    assertThat(first.get("version").longValue()).isEqualTo(5);
    assertThat(first.get("time_extracted").stringValue()).isEqualTo("2000-01-01T00:00:01.000000Z");
  }

  @Test
  void announcesKeysBookmarksAndTypes() throws Exception {
    run(5);
    SingerTarget target = new SingerTarget();
    target.read(out.toString(StandardCharsets.UTF_8));
    JsonNode schema = target.tables.get("orders").announcement;
    assertThat(schema.get("key_properties").toString()).isEqualTo("[\"id\"]");
    assertThat(schema.get("bookmark_properties").toString()).isEqualTo("[\"at\"]");
    JsonNode types = schema.at("/schema/properties");
    assertThat(types.get("id").toString())
        .isEqualTo(
            "{\"type\":[\"integer\"],\"minimum\":-9223372036854775808,\"maximum\":9223372036854775807}");
    assertThat(types.get("at").toString())
        .isEqualTo("{\"type\":[\"null\",\"string\"],\"format\":\"date-time\"}");
    assertThat(types.at("/price/multipleOf").decimalValue()).isEqualByComparingTo("0.01");
    assertThat(types.at("/price/maximum").decimalValue()).isEqualByComparingTo("10000000000");
    assertThat(types.at("/price/exclusiveMaximum").booleanValue()).isTrue();
  }

  @Test
  void bookmarksWhereEachStreamStands() throws Exception {
    run(5);
    SingerTarget target = new SingerTarget();
    target.read(out.toString(StandardCharsets.UTF_8));
    assertThat(target.states)
        .singleElement()
        .hasToString(
            "{\"bookmarks\":{\"orders\":{\"last_replication_method\":\"INCREMENTAL\",\"version\":5,\"replication_key\":\"at\",\"replication_key_value\":\"2000-01-01\",\"tapline\":{\"database\":\"shop\",\"schema\":\"public\",\"table\":\"orders\",\"time\":77,\"position\":{\"key.at\":\"2000-01-01\",\"version\":\"x\"}}}},\"currently_syncing\":null}");
  }

  @Test
  void goesOnFromWhatTheTargetHasWritten() throws Exception {
    Path file = folder.resolve("state.json");
    run(5);
    SingerTarget target = new SingerTarget();
    target.read(out.toString(StandardCharsets.UTF_8));
    Files.writeString(file, "{\"bookmarks\":{}}\n" + target.states.getFirst() + "\n\n");

    SinkState given = stateIn(file);

    assertThat(given).isEqualTo(STATE);
    // What this run knows nothing of stays as it is.
    out.reset();
    sink(out, file).openCommitter().writeState(given);
    assertThat(JSON.readTree(out.toString(StandardCharsets.UTF_8)).get("value"))
        .isNotEqualTo(target.states.getFirst());
    SingerSink sink = sink(out, file);
    SinkCommitter committer = sink.openCommitter();
    committer.readState();
    out.reset();
    committer.writeState(given);
    assertThat(JSON.readTree(out.toString(StandardCharsets.UTF_8)).get("value"))
        .isEqualTo(target.states.getFirst());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          @                                           | 1
          {"singer_state": @}                         | 1
          {"type": "STATE", "value": @}               | 1
          PRETTY                                          | 1
          @\\n{"bookm                                 | 1
          @\\n2026-11-30 target INFO done\\n           | 1
          @\\n{"bookmarks": {}}\\n                    | 0
          {}                                              | 0
          ``                                              | 0
          \\n                                             | 0
          """)
  void findsTheStateInWhatTheTargetHasWritten(String content, int streams) throws Exception {
    Path file = folder.resolve("state.json");
    String state = state(STATE);
    Files.writeString(
        file,
        content
            .replace("PRETTY", JSON.readTree(state).toPrettyString())
            .replace("@", state)
            .replace("\\n", "\n"));
    assertThat(stateIn(file).streams()).hasSize(streams);
    assertThat(sink(out, file).check(List.of(ORDERS)))
        .extracting(Finding::severity, Finding::message)
        .containsExactly(
            tuple(
                Finding.Severity.OK,
                "'" + file + "' has the positions of " + streams + " streams"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"not JSON", "[1]", "{\"level\": \"INFO\"}\n", "{\"bookmarks\": 1}"})
  void refusesWhatIsNoState(String content) throws Exception {
    Path file = folder.resolve("state.json");
    Files.writeString(file, content);
    assertThatThrownBy(() -> stateIn(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("target-state: '" + file + "' cannot be read: ")
        .hasMessageContaining("name the right file, or one that is not there yet");
    assertThat(sink(out, file).check(List.of(ORDERS)))
        .extracting(Finding::severity)
        .containsExactly(Finding.Severity.ERROR);
  }

  @Test
  void beginsAnewWhereAnotherTapHasLeftOff() throws Exception {
    Path file = folder.resolve("state.json");
    Files.writeString(
        file,
        "{\"bookmarks\": {\"shop-public-orders\": {\"last_replication_method\": \"INCREMENTAL\", \"replication_key\": \"at\", \"version\": 1795183829282, \"replication_key_value\": \"2000-01-01\"}}}");
    SinkState given = stateIn(file);
    assertThat(given.streams()).isEmpty();
    assertThat(given.version()).as("its versions are passed").isEqualTo(1795183829282L);
  }

  @Test
  void aFileThatIsNotThereIsNoState() throws Exception {
    assertThat(stateIn(folder.resolve("none.json"))).isEqualTo(SinkState.NONE);
  }

  @Test
  void saysWhatCannotGoOnWithoutTheTargetsState() throws Exception {
    Stream log = Streams.of("changes", SCHEMA, "LOG_BASED");
    Stream whole = Streams.of("whole", SCHEMA, "FULL_TABLE");
    assertThat(sink(out).check(List.of(ORDERS, log, whole)))
        .extracting(finding -> finding.subject().label(false), Finding::severity)
        .containsExactly(
            tuple("public.orders", Finding.Severity.WARNING),
            tuple("public.changes", Finding.Severity.ERROR));
  }

  @Test
  void announcesNoMetadataThatNoRowCanHave() throws Exception {
    List<Field> plain = SCHEMA.fields().stream().filter(it -> it.type() != Scalar.JSON).toList();
    assertThat(properties(ORDERS, SCHEMA)).contains("_json_null").doesNotContain("_sdc_deleted_at");
    assertThat(properties(ORDERS, new Schema(plain, SCHEMA.key())))
        .doesNotContain("_json_null", "_sdc_deleted_at");
    assertThat(properties(Streams.of("orders", SCHEMA, "LOG_BASED"), SCHEMA))
        .contains("_json_null", "_sdc_deleted_at");
  }

  private static Collection<String> properties(Stream stream, Schema schema) {
    return JSON.readTree(SingerMessages.schema(stream, schema, ROWS))
        .at("/schema/properties")
        .propertyNames();
  }

  private SinkState stateIn(Path file) throws Exception {
    try (SinkCommitter committer = sink(out, file).openCommitter()) {
      return committer.readState();
    }
  }

  private static String state(SinkState state) {
    return JSON.readTree(SingerMessages.state(state, Map.of())).get("value").toString();
  }

  @Test
  void aLaterVersionTakesThePlaceOfTheOneBefore() throws Exception {
    run(5);
    run(6);
    SingerTarget target = new SingerTarget();
    target.read(out.toString(StandardCharsets.UTF_8));
    assertThat(target.tables.get("orders").messages)
        .hasSize(2)
        .allMatch(message -> message.get("version").longValue() == 6);
  }

  @Test
  void announcesAnEmptyStreamBeforeItActivatesIt() throws Exception {
    SingerSink sink = sink(out);
    sink.openWriter(context(1)).close();
    commit(sink, 1);
    SingerTarget target = new SingerTarget();
    target.read(out.toString(StandardCharsets.UTF_8));
    assertThat(target.types).containsExactly("SCHEMA", "ACTIVATE_VERSION", "STATE");
  }

  @Test
  void announcesAChangedSchemaAgain() throws Exception {
    List<Field> fields = new ArrayList<>(SCHEMA.fields());
    fields.removeLast();
    Batch narrower = new Batch(ORDERS.name(), new Schema(fields, SCHEMA.key()), 4);
    narrower.clear(0);
    append(narrower, 3);
    SingerSink sink = sink(out);
    try (SinkWriter writer = sink.openWriter(context(1))) {
      writer.write(rows());
      writer.write(rows());
      writer.write(narrower);
    }
    SingerTarget target = new SingerTarget();
    target.read(out.toString(StandardCharsets.UTF_8));
    assertThat(target.types)
        .containsExactly("SCHEMA", "RECORD", "RECORD", "RECORD", "RECORD", "SCHEMA", "RECORD");
  }

  // A log has the key of a deleted row: a target that merges must not empty the others.
  @Test
  void marksDeletedRowsAndSaysNothingOfTheirOtherColumns() throws Exception {
    Stream log = Streams.of("orders", SCHEMA, "LOG_BASED");
    Batch batch = new Batch(log.name(), SCHEMA, 4);
    batch.clear(0);
    ((LongColumn) batch.column(0)).append(1);
    ((LongColumn) batch.column(1)).append(150);
    for (int i = 2; i < SCHEMA.size(); i++) {
      batch.column(i).appendNull();
    }
    batch.endRow(Change.DELETE, 1, 0, 2_000_000, 1);
    try (SinkWriter writer =
        sink(out).openWriter(new WriterContext(log, WriteMode.APPEND, 1, "part"))) {
      writer.write(batch);
    }
    SingerTarget target = new SingerTarget();
    target.read(out.toString(StandardCharsets.UTF_8));
    assertThat(target.tables.get("orders").messages.getFirst().get("record").toString())
        .isEqualTo("{\"id\":1,\"price\":1.50,\"_sdc_deleted_at\":\"2000-01-01T00:00:02.000000Z\"}");
  }

  @Test
  void leavesOutWhatTheLogDidNotCarry() throws Exception {
    Batch batch = new Batch(ORDERS.name(), SCHEMA, 4);
    batch.clear(0);
    ((LongColumn) batch.column(0)).append(1);
    for (int i = 1; i < SCHEMA.size(); i++) {
      batch.column(i).appendUnchanged();
    }
    batch.endRow(Change.UPDATE, 1, 0, 2_000_000, 1);
    try (SinkWriter writer = sink(out).openWriter(context(1))) {
      writer.write(batch);
    }
    SingerTarget target = new SingerTarget();
    target.read(out.toString(StandardCharsets.UTF_8));
    assertThat(target.tables.get("orders").messages.getFirst().get("record").toString())
        .isEqualTo("{\"id\":1}");
  }

  /// A target has no row under the new key whose value it could keep.
  @Test
  void refusesARowThatTookItsLargeValueToAnotherKey() throws Exception {
    Batch batch = new Batch(ORDERS.name(), SCHEMA, 4);
    batch.clear(0);
    ((LongColumn) batch.column(0)).append(1);
    for (int i = 1; i < SCHEMA.size(); i++) {
      batch.column(i).appendUnchanged();
    }
    batch.endRow(Change.INSERT, 1, 0, 2_000_000, 1);
    try (SinkWriter writer = sink(out).openWriter(context(1))) {
      assertThatThrownBy(() -> writer.write(batch))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("stream public.orders has a row whose key was changed")
          .hasMessageContaining("REPLICA IDENTITY FULL");
    }
  }

  @Test
  void refusesATruncate() throws Exception {
    Batch batch = new Batch(ORDERS.name(), Streams.IDS, 4);
    batch.clear(0);
    batch.column(0).appendNull();
    batch.endRow(Change.TRUNCATE, 1, 0, 0, 1);
    try (SinkWriter writer = sink(out).openWriter(context(1))) {
      assertThatThrownBy(() -> writer.write(batch))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("stream public.orders was truncated");
    }
  }

  @Test
  void failsWhenNobodyReads() throws Exception {
    OutputStream gone =
        new OutputStream() {
          @Override
          public void write(int value) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    try (SinkWriter writer = sink(gone).openWriter(context(1))) {
      assertThatThrownBy(() -> writer.write(rows()))
          .hasMessage("cannot write to standard output: Broken pipe");
    }
  }

  private void run(long version) throws Exception {
    SingerSink sink = sink(out);
    try (SinkWriter writer = sink.openWriter(context(version))) {
      writer.write(rows());
      assertThat(writer.prepare()).isEmpty();
    }
    commit(sink, version);
  }

  private static void commit(SingerSink sink, long version) throws Exception {
    try (SinkCommitter committer = sink.openCommitter()) {
      committer.commit(
          new Checkpoint(
              1,
              Map.of(),
              List.of(new Checkpoint.TableReplacement(ORDERS.name(), "orders", version)),
              Map.of(ORDERS.name(), POSITION)));
      committer.writeState(
          new SinkState(
              Map.of(
                  ORDERS.name(), new SinkState.Entry("INCREMENTAL", "orders", version, POSITION)),
              version,
              77));
    }
  }

  private static SingerSink sink(OutputStream out) {
    return new SingerSink(ROWS, out, new GrowingClock(InstantSource.system(), 0), Optional.empty());
  }

  private static SingerSink sink(OutputStream out, Path target) {
    return new SingerSink(
        ROWS, out, new GrowingClock(InstantSource.system(), 0), Optional.of(target));
  }

  private static WriterContext context(long version) {
    return new WriterContext(ORDERS, WriteMode.REPLACE, version, "part");
  }

  private static Batch rows() {
    Batch batch = new Batch(ORDERS.name(), SCHEMA, 4);
    batch.clear(1_000_000);
    append(batch, 1);
    append(batch, 2);
    return batch;
  }

  private static void append(Batch batch, long id) {
    ((LongColumn) batch.column(0)).append(id);
    ((LongColumn) batch.column(1)).append(150);
    ((LongColumn) batch.column(2)).append(0);
    ((LongColumn) batch.column(3)).append(0);
    ((BytesColumn) batch.column(4)).append("{\"a\":1}");
    if (batch.schema().size() > 5) {
      ListColumn tags = (ListColumn) batch.column(5);
      ((BytesColumn) tags.elements()).append("x");
      tags.elements().appendNull();
      tags.endList();
    }
    batch.endRow();
  }
}
