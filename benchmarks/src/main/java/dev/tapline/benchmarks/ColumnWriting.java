package dev.tapline.benchmarks;

import dev.tapline.files.LocalFile;
import dev.tapline.sink.parquet.ParquetFormat;
import dev.tapline.sink.parquet.encoding.FieldEncoder;
import dev.tapline.sink.parquet.encoding.FieldEncoders;
import dev.tapline.sink.parquet.encoding.SpecialValueHandler;
import dev.tapline.sink.parquet.format.RowReader;
import dev.tapline.sink.parquet.format.RowWriter;
import dev.tapline.sink.parquet.schema.FileSchema;
import dev.tapline.sink.parquet.schema.SpecialValuePolicy;
import dev.tapline.sink.parquet.schema.TypePolicy;
import dev.tapline.sink.parquet.writer.ParquetWriterConfig;
import dev.tapline.source.postgres.codec.binary.CopyBinaryDecoder;
import dev.tapline.spi.batch.Batch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/// Batches, written as a row group of zstd-1 Parquet by the sink and by parquet-avro, over and
/// over, each on one thread. Neither waits for the disk.
public final class ColumnWriting implements AutoCloseable {
  /// How many rows one call writes.
  public static final int ROWS = 49_152;

  private static final int BATCH = 4_096;

  private final List<Batch> batches = new ArrayList<>();
  private final Path folder;
  private final FileSchema fileSchema;
  private final ParquetFormat format = new ParquetFormat(ParquetWriterConfig.DEFAULT, 1);
  private final AvroRecordWriter library;

  /// Makes the batches, and makes sure that what the sink writes of them is what they hold.
  ///
  /// @throws IllegalStateException if it is not
  public ColumnWriting(SampleTable table) throws IOException, InterruptedException {
    CopyRow row = new CopyRow();
    for (int first = 0; first < ROWS; first += BATCH) {
      Batch batch = table.batch(BATCH);
      CopyBinaryDecoder decoder = new CopyBinaryDecoder(batch, table.wires());
      batch.clear(0);
      decoder.decode(CopyRow.header());
      for (int i = 0; i < BATCH; i++) {
        table.writeRow(row, first + i + 1);
        decoder.decode(row.message());
      }
      batches.add(batch);
    }
    folder = Files.createTempDirectory("tapline-bench-");
    fileSchema = FileSchema.of(table.table(), table.schema(), false, TypePolicy.DEFAULT);
    library = new AvroRecordWriter(fileSchema);
    requireEqual();
  }

  /// How large the file has become, by the sink.
  public long own() throws IOException, InterruptedException {
    Path file = folder.resolve("own.parquet");
    Files.deleteIfExists(file);
    try (RowWriter rows = begin(file)) {
      write(rows);
      rows.flush();
      return rows.size();
    }
  }

  /// How large it has become, by parquet-avro out of generic records.
  public long library() throws IOException {
    Path file = folder.resolve("library.parquet");
    Files.deleteIfExists(file);
    return library.write(file, batches);
  }

  @Override
  public void close() throws IOException {
    format.close();
    for (String name : List.of("own.parquet", "library.parquet")) {
      Files.deleteIfExists(folder.resolve(name));
    }
    Files.delete(folder);
  }

  private RowWriter begin(Path file) throws IOException {
    List<FieldEncoder> encoders =
        FieldEncoders.of(
            fileSchema,
            field ->
                new SpecialValueHandler(
                    "bench", field.name(), SpecialValuePolicy.FAIL, new LongAdder()));
    return format.create(new LocalFile(file), fileSchema, encoders);
  }

  private void write(RowWriter rows) throws IOException, InterruptedException {
    for (Batch batch : batches) {
      rows.write(batch, 0, batch.rows());
    }
  }

  private void requireEqual() throws IOException, InterruptedException {
    Path file = folder.resolve("own.parquet");
    try (RowWriter rows = begin(file)) {
      write(rows);
      rows.finish();
    }
    int read = 0;
    try (RowReader reader = format.open(file, column -> true)) {
      for (Optional<Batch> next = reader.next(); next.isPresent(); next = reader.next()) {
        for (int i = 0; i < next.get().rows(); i++) {
          BatchComparison.requireEqual(batches.get(read / BATCH), read % BATCH, next.get(), i);
          read++;
        }
      }
    }
    if (read != ROWS) {
      throw new IllegalStateException(ROWS + " rows written, " + read + " read");
    }
  }
}
