package dev.tapline.sink.parquet.avro;

import dev.tapline.files.DataFile;
import dev.tapline.sink.parquet.encoding.FieldEncoder;
import dev.tapline.sink.parquet.format.FileFormat;
import dev.tapline.sink.parquet.format.RowReader;
import dev.tapline.sink.parquet.format.RowWriter;
import dev.tapline.sink.parquet.schema.FileSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/// Writes and reads Avro container files.
///
/// @param compression how blocks are compressed
/// @param level the compression level
public record AvroFormat(AvroCompression compression, int level) implements FileFormat {
  @Override
  public RowWriter create(DataFile file, FileSchema fileSchema, List<FieldEncoder> encoders)
      throws IOException {
    return new AvroRowWriter(file, fileSchema, encoders, compression.codec(level));
  }

  @Override
  public RowReader open(Path path, Predicate<String> columns) throws IOException {
    return new AvroRowReader(path, columns);
  }

  @Override
  public FileSchema readSchema(Path path) throws IOException {
    try (AvroRowReader reader = new AvroRowReader(path, column -> true)) {
      return reader.fileSchema();
    }
  }

  @Override
  public void enter() {}

  @Override
  public void leave() {}

  @Override
  public void close() {}
}
