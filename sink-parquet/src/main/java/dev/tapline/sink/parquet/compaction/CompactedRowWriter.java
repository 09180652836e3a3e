package dev.tapline.sink.parquet.compaction;

import dev.tapline.files.LocalFile;
import dev.tapline.files.PartFileNames;
import dev.tapline.sink.parquet.encoding.FieldEncoder;
import dev.tapline.sink.parquet.encoding.FieldEncoders;
import dev.tapline.sink.parquet.encoding.SpecialValueHandler;
import dev.tapline.sink.parquet.format.FileFormat;
import dev.tapline.sink.parquet.format.RowWriter;
import dev.tapline.sink.parquet.schema.FileSchema;
import dev.tapline.sink.parquet.schema.SpecialValuePolicy;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.catalog.StreamName;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Writes rows to compacted files.
final class CompactedRowWriter implements Closeable {
  private static final int ROWS = 1_024;
  private static final String PART = "image";

  private final FileFormat format;
  private final Path folder;
  private final PartFileNames names;
  private final long fileSize;
  private final FileSchema fileSchema;
  private final List<FieldEncoder> encoders;
  private final RowCopier columns;
  private final Batch batch;
  private @Nullable RowWriter file;

  CompactedRowWriter(
      FileFormat format, Path folder, PartFileNames names, long fileSize, FileSchema fileSchema) {
    this.format = format;
    this.folder = folder;
    this.names = names;
    this.fileSize = fileSize;
    this.fileSchema = fileSchema;
    // Values that were read from a file fit into one.
    this.encoders =
        FieldEncoders.of(
            fileSchema,
            field ->
                new SpecialValueHandler(
                    fileSchema.destination(),
                    field.name(),
                    SpecialValuePolicy.FAIL,
                    new LongAdder()));
    this.columns = new RowCopier(fileSchema.tableSchema());
    this.batch =
        new Batch(new StreamName("", "", fileSchema.destination()), fileSchema.tableSchema(), ROWS);
    batch.clear(0);
  }

  /// The batch to append a row to; call [#appended()] afterwards.
  Batch batch() {
    return batch;
  }

  void appended() throws IOException, InterruptedException {
    if (batch.rows() >= ROWS) {
      drain();
    }
  }

  /// Appends a row of any schema.
  void append(Batch from, int row) throws IOException, InterruptedException {
    columns.map(from.schema());
    columns.append(from, row, batch, -1);
    appended();
  }

  void finish() throws IOException, InterruptedException {
    drain();
    finishFile();
  }

  @Override
  public void close() throws IOException {
    RowWriter open = file;
    file = null;
    if (open != null) {
      open.close();
    }
  }

  private void drain() throws IOException, InterruptedException {
    if (batch.rows() == 0) {
      return;
    }
    RowWriter open = file;
    if (open == null) {
      open = format.create(new LocalFile(folder.resolve(names.next(PART))), fileSchema, encoders);
      file = open;
    }
    open.write(batch, 0, batch.rows());
    batch.clear(0);
    if (open.size() >= fileSize) {
      finishFile();
    }
  }

  private void finishFile() throws IOException, InterruptedException {
    RowWriter open = file;
    if (open != null) {
      open.finish();
      file = null;
    }
  }
}
