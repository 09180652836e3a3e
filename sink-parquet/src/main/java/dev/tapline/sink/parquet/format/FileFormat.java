package dev.tapline.sink.parquet.format;

import dev.tapline.files.DataFile;
import dev.tapline.sink.parquet.encode.FieldEncoder;
import dev.tapline.sink.parquet.plan.FilePlan;
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
  /// @param plan its fields
  /// @param encoders what writes them, in the same order; for the caller's thread
  RowFile create(DataFile file, FilePlan plan, List<FieldEncoder> encoders) throws IOException;

  /// Reads a file back that this sink has written.
  ///
  /// @param columns names of the columns that are wanted
  RowReader open(Path path, Predicate<String> columns) throws IOException;

  /// What a file holds.
  FilePlan plan(Path path) throws IOException;

  /// A writer has begun.
  void enter();

  /// A writer has ended.
  void leave();

  @Override
  void close();
}
