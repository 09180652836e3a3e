package dev.tapline.sink.parquet.format;

import dev.tapline.files.DataFile;
import dev.tapline.sink.parquet.encoding.FieldEncoder;
import dev.tapline.sink.parquet.schema.FileSchema;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/// Makes files of one format. Safe for use by several threads.
public interface FileFormat extends Closeable {
  /// Begins a file.
  ///
  /// @param file where to, still empty; it is closed with what is returned
  /// @param fileSchema its fields
  /// @param encoders what writes them, in the same order; for the caller's thread
  RowWriter create(DataFile file, FileSchema fileSchema, List<FieldEncoder> encoders)
      throws IOException;

  /// Reads a file back that this sink has written.
  ///
  /// @param columns names of the columns that are wanted
  RowReader open(Path path, Predicate<String> columns) throws IOException;

  /// What a file holds.
  FileSchema readSchema(Path path) throws IOException;

  /// A writer has begun.
  void enter();

  /// A writer has ended.
  void leave();

  @Override
  void close();
}
