package dev.tapline.sink.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.sink.parquet.fixture.DuckDb;
import dev.tapline.sink.parquet.fixture.SinkFixture;
import dev.tapline.sink.parquet.writer.ParquetWriterConfig;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.WriteMode;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FolderLayoutTest {
  @TempDir Path folder;

  private SinkFixture fixture(Map<String, Object> keys) {
    return new SinkFixture(folder, keys);
  }

  @Test
  void spreadsRowsByAColumnWithoutTakingItOutOfTheFiles() throws Exception {
    Batch batch = SinkFixture.batch(SinkFixture.NOTES);
    for (String note : new String[] {"007", "a/b", "007", null, "../up", "", "007"}) {
      SinkFixture.change(batch, Change.READ, batch.rows(), note);
    }
    SinkFixture fixture = fixture(Map.of("partition-by", "column", "partition-column", "note"));
    fixture.load(1, 1, batch);
    assertThat(fixture.files())
        .extracting(file -> file.getParent().getFileName().toString())
        .containsExactlyInAnyOrder(
            "note_part=007",
            "note_part=a%2Fb",
            "note_part=__HIVE_DEFAULT_PARTITION__",
            "note_part=..%2Fup",
            "note_part=__EMPTY__");
    assertThat(
            DuckDb.query(
                "SELECT count(*), note FROM read_parquet('%s/*/*.parquet', hive_partitioning=true) WHERE note_part = '007' GROUP BY note"
                    .formatted(folder.resolve("orders"))))
        .containsExactly(List.of("3", "007"));
  }

  @Test
  void spreadsRowsByTheDayOfATimestamp() throws Exception {
    Schema schema =
        new Schema(List.of(Field.of("at", Scalar.TIMESTAMP_TZ, "timestamptz")), List.of());
    Batch batch = SinkFixture.batch(schema);
    ((LongColumn) batch.column(0)).append(-1);
    batch.endRow();
    ((LongColumn) batch.column(0)).append(0);
    batch.endRow();
    SinkFixture fixture = fixture(Map.of("partition-by", "column", "partition-column", "at"));
    fixture.add(1, batch);
    assertThat(fixture.files())
        .extracting(file -> file.getParent().getFileName().toString())
        .containsExactlyInAnyOrder("at_part=1999-12-31", "at_part=2000-01-01");
  }

  @Test
  void spreadsRowsByTheDayOfTheLoad() throws Exception {
    SinkFixture fixture = fixture(Map.of("partition-by", "load-date"));
    fixture.load(1, 1, SinkFixture.reads(0, 3));
    String name = fixture.files().getFirst().getParent().getFileName().toString();
    assertThat(name).startsWith("load_date=");
    // Midnight may have come in between.
    assertThat(LocalDate.parse(name.substring("load_date=".length())))
        .isBetween(LocalDate.now(ZoneOffset.UTC).minusDays(1), LocalDate.now(ZoneOffset.UTC));
  }

  @Test
  void saysWhichStreamLacksThePartitionColumn() {
    assertThatThrownBy(() ->
            fixture(Map.of("partition-by", "column", "partition-column", "region"))
                .add(1, SinkFixture.reads(0, 1)))
        .hasMessageContaining("stream public.orders: there is no column 'region' to partition by");
  }

  @Test
  void keepsManyPartitionsWithFewOpenFiles() throws Exception {
    Schema schema = SinkFixture.NOTES;
    Batch batch = SinkFixture.batch(schema);
    for (int i = 0; i < 120; i++) {
      SinkFixture.change(batch, Change.READ, i, "part " + i % 60);
    }
    SinkFixture fixture = fixture(Map.of("partition-by", "column", "partition-column", "note"));
    fixture.add(1, batch);
    assertThat(
            DuckDb.query(
                "SELECT count(*), count(DISTINCT note) FROM " + DuckDb.table(fixture.files())))
        .containsExactly(List.of("120", "60"));
  }

  @Test
  void marksACompleteLoad() throws Exception {
    SinkFixture fixture = fixture(Map.of("success-marker", true));
    fixture.load(1, 1, SinkFixture.reads(0, 3));
    assertThat(folder.resolve("orders/_SUCCESS")).isEmptyFile();
    fixture.load(2, 2, SinkFixture.reads(0, 3));
    assertThat(folder.resolve("orders/_SUCCESS")).isEmptyFile();
  }

  @Test
  void beginsAnotherFileAtTheGivenSize() throws Exception {
    SinkFixture fixture = fixture(Map.of("file-size", "64KB", "row-group-size", "64KB"));
    try (Sink sink = fixture.sink()) {
      Batch[] batches = new Batch[40];
      for (int i = 0; i < batches.length; i++) {
        batches[i] = SinkFixture.reads(i * 2_000, (i + 1) * 2_000);
      }
      SinkFixture.commit(
          sink, SinkFixture.added(1, SinkFixture.prepare(sink, WriteMode.APPEND, 0, batches)));
    }
    assertThat(fixture.files()).hasSizeGreaterThan(2);
    assertThat(DuckDb.query("SELECT count(DISTINCT id) FROM " + DuckDb.table(fixture.files())))
        .containsExactly(List.of("80000"));
  }

  @Test
  void writesChangesWithTheirPlaceInTheLog() throws Exception {
    Batch batch = SinkFixture.batch(SinkFixture.NOTES);
    SinkFixture.change(batch, Change.INSERT, 1, "first");
    SinkFixture.updateWithoutNote(batch, 1);
    SinkFixture.change(batch, Change.DELETE, 1, null);
    SinkFixture fixture = fixture(Map.of());
    fixture.add(1, batch);
    assertThat(
            DuckDb.query(
                "SELECT _op, _lsn, _seq, epoch_us(_committed_at), _xid, id, note, CAST(_unchanged AS VARCHAR) FROM "
                    + DuckDb.table(fixture.files())
                    + " ORDER BY _lsn, _seq"))
        .containsExactly(
            Arrays.asList("i", "4711", "0", "946684801000000", "731", "1", "first", null),
            Arrays.asList("u", "4711", "1", "946684801000000", "731", "1", null, "[note]"),
            Arrays.asList("d", "4711", "2", "946684801000000", "731", "1", null, null));
  }

  @Test
  void beginsAnotherFileWithAnotherSchema() throws Exception {
    Schema wider =
        new Schema(
            List.of(
                SinkFixture.NOTES.fields().get(0), Field.of("a new column", Scalar.TEXT, "text")),
            List.of("id"));
    Batch batch = SinkFixture.batch(wider);
    ((LongColumn) batch.column(0)).append(7);
    ((BytesColumn) batch.column(1)).append("new");
    batch.endRow();
    SinkFixture fixture = fixture(Map.of());
    fixture.add(1, SinkFixture.reads(0, 1), batch);
    assertThat(fixture.files()).hasSize(2);
    assertThat(
            DuckDb.query(
                "SELECT id, note, \"a new column\" FROM "
                    + DuckDb.table(fixture.files())
                    + " ORDER BY id"))
        .containsExactly(Arrays.asList("0", "note 0", null), Arrays.asList("7", null, "new"));
  }

  @Test
  void givesADictionaryFromTheFirstFileOnOnlyToValuesThatRepeat() throws Exception {
    Batch batch = SinkFixture.batch(SinkFixture.NOTES);
    for (int i = 0; i < 5_000; i++) {
      ((LongColumn) batch.column(0)).append(i);
      ((BytesColumn) batch.column(1)).append("note " + i % 100);
      batch.endRow();
    }
    SinkFixture fixture = fixture(Map.of());
    fixture.add(1, batch);
    assertThat(
            DuckDb.query(
                "SELECT path_in_schema FROM parquet_metadata('%s') WHERE dictionary_page_offset IS NOT NULL"
                    .formatted(fixture.files().getFirst())))
        .containsExactly(List.of("note"));
  }

  @Test
  void writesBloomFiltersIdsAndIndexesAsAsked() throws Exception {
    SinkFixture fixture = fixture(Map.of("bloom-filters", List.of("note", "elsewhere")));
    fixture.add(1, SinkFixture.reads(0, 1_000));
    String file = fixture.files().getFirst().toString();
    assertThat(
            DuckDb.query(
                "SELECT path_in_schema FROM parquet_metadata('%s') WHERE bloom_filter_offset IS NOT NULL"
                    .formatted(file)))
        .containsExactly(List.of("note"));
    assertThat(
            DuckDb.query(
                "SELECT count(DISTINCT field_id) FROM parquet_schema('%s') WHERE field_id > 0"
                    .formatted(file)))
        .containsExactly(List.of("2"));
  }

  @Test
  void noticesADamagedPage() throws Exception {
    SinkFixture fixture = fixture(Map.of("compression", "none", "dictionary", false));
    fixture.add(1, SinkFixture.reads(0, 1_000));
    Path file = fixture.files().getFirst();
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(2_000);
      int before = bytes.read();
      bytes.seek(2_000);
      bytes.write(before ^ 0xff);
    }
    try (ParquetFormat format = new ParquetFormat(ParquetWriterConfig.DEFAULT, 1);
        var reader = format.open(file, column -> true)) {
      assertThatThrownBy(reader::next).hasMessageContaining("its checksum differs");
    }
  }

  @Test
  void refusesAColumnWithTheNameOfAChangeField() throws Exception {
    Schema schema = new Schema(List.of(Field.of("_lsn", Scalar.TEXT, "text")), List.of());
    try (Sink sink = fixture(Map.of()).sink()) {
      assertThat(sink.check(List.of(SinkFixture.stream("orders", schema))))
          .extracting(Finding::severity)
          .contains(Finding.Severity.ERROR);
    }
    assertThat(Files.exists(folder.resolve("orders"))).isFalse();
  }

  @Test
  void refusesToMixFormatsInOneFolder() throws Exception {
    fixture(Map.of()).add(1, SinkFixture.reads(0, 1));
    assertThatThrownBy(() -> fixture(Map.of("format", "avro")).add(2, SinkFixture.reads(1, 2)))
        .hasMessageContaining(
            "rows with format: avro cannot be added to what was written with format: parquet");
  }
}
