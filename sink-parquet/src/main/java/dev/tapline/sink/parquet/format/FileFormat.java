package dev.tapline.sink.parquet.format;

import dev.tapline.sink.parquet.encode.FieldEncoder;
import dev.tapline.sink.parquet.plan.FilePlan;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Makes files of one format. Safe for use by several threads.
public interface FileFormat extends Closeable {
  /// Begins a file.
  ///
  /// @param path where there is none yet
  /// @param plan its fields
  /// @param encoders what writes them, in the same order; for the caller's thread
  RowFile create(Path path, FilePlan plan, List<FieldEncoder> encoders) throws IOException;

  /// A writer has begun.
  void enter();

  /// A writer has ended.
  void leave();

  @Override
  void close();
}
