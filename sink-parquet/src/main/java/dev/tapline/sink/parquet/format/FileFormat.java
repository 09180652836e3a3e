package dev.tapline.sink.parquet.format;

import dev.tapline.files.DataFile;
import dev.tapline.sink.parquet.encoding.FieldEncoder;
import dev.tapline.sink.parquet.schema.FileSchema;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;

/// Writes and reads files of one format. Thread-safe.
public interface FileFormat extends Closeable {
  /// Starts a file.
  ///
  /// @param file the empty file to write to; it is closed with the returned writer
  /// @param fileSchema the fields of the file
  /// @param encoders their encoders, in the same order; used by the caller's thread only
  RowWriter create(DataFile file, FileSchema fileSchema, List<FieldEncoder> encoders)
      throws IOException;

  /// Opens a file that this sink has written.
  ///
  /// @param columns selects columns by name
  RowReader open(Path path, Predicate<String> columns) throws IOException;

  /// Reads the fields of a file.
  FileSchema readSchema(Path path) throws IOException;

  /// Registers a writer: it uses a core.
  void enter();

  /// Unregisters a writer.
  void leave();

  @Override
  void close();
}
