package dev.tapline.sink.parquet.avro;

import dev.tapline.files.DataFile;
import dev.tapline.sink.parquet.encode.FieldEncoder;
import dev.tapline.sink.parquet.format.FileFormat;
import dev.tapline.sink.parquet.format.RowFile;
import dev.tapline.sink.parquet.format.RowReader;
import dev.tapline.sink.parquet.plan.FilePlan;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/// Makes Avro container files.
///
/// @param compression how blocks are compressed
/// @param level of the compression
public record AvroFormat(AvroCompression compression, int level) implements FileFormat {
  @Override
  public RowFile create(DataFile file, FilePlan plan, List<FieldEncoder> encoders)
      throws IOException {
    return new AvroRowFile(file, plan, encoders, compression.codec(level));
  }

  @Override
  public RowReader open(Path path, Predicate<String> columns) throws IOException {
    return new AvroReader(path, columns);
  }

  @Override
  public FilePlan plan(Path path) throws IOException {
    try (AvroReader reader = new AvroReader(path, column -> true)) {
      return reader.plan();
    }
  }

  @Override
  public void enter() {}

  @Override
  public void leave() {}

  @Override
  public void close() {}
}
