package dev.tapline.sink.parquet.image;

import dev.tapline.files.LocalFile;
import dev.tapline.files.PartNames;
import dev.tapline.sink.parquet.encode.FieldEncoder;
import dev.tapline.sink.parquet.encode.FieldEncoders;
import dev.tapline.sink.parquet.encode.SpecialValues;
import dev.tapline.sink.parquet.format.FileFormat;
import dev.tapline.sink.parquet.format.RowFile;
import dev.tapline.sink.parquet.plan.FilePlan;
import dev.tapline.sink.parquet.plan.Special;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.catalog.StreamName;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Writes the rows of an image to files of its folder.
final class ImageWriter implements Closeable {
  private static final int ROWS = 1_024;
  private static final String PART = "image";

  private final FileFormat format;
  private final Path folder;
  private final PartNames names;
  private final long fileSize;
  private final FilePlan plan;
  private final List<FieldEncoder> encoders;
  private final Columns columns;
  private final Batch batch;
  private @Nullable RowFile file;

  ImageWriter(FileFormat format, Path folder, PartNames names, long fileSize, FilePlan plan) {
    this.format = format;
    this.folder = folder;
    this.names = names;
    this.fileSize = fileSize;
    this.plan = plan;
    // What was read from a file can be written to one.
    this.encoders =
        FieldEncoders.of(
            plan,
            field ->
                new SpecialValues(plan.destination(), field.name(), Special.FAIL, new LongAdder()));
    this.columns = new Columns(plan.schema());
    this.batch = new Batch(new StreamName("", "", plan.destination()), plan.schema(), ROWS);
    batch.clear(0);
  }

  /// Where a row can be appended; [#appended()] is called after it.
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
    RowFile open = file;
    file = null;
    if (open != null) {
      open.close();
    }
  }

  private void drain() throws IOException, InterruptedException {
    if (batch.rows() == 0) {
      return;
    }
    RowFile open = file;
    if (open == null) {
      open = format.create(new LocalFile(folder.resolve(names.next(PART))), plan, encoders);
      file = open;
    }
    open.write(batch, 0, batch.rows());
    batch.clear(0);
    if (open.size() >= fileSize) {
      finishFile();
    }
  }

  private void finishFile() throws IOException, InterruptedException {
    RowFile open = file;
    if (open != null) {
      open.finish();
      file = null;
    }
  }
}
