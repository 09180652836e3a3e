package dev.tapline.files;

import dev.tapline.spi.sink.Commit;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/// Where one writer prepares its files, out of everybody's sight. One thread at a time.
public interface Staging extends Closeable {
  /// Begins a file.
  ///
  /// @param name what it shall be called, relative to the folder of its destination
  DataFile begin(String name) throws IOException;

  /// What makes visible the files that were begun since the last call. They are
  /// [finished][DataFile#finish()]; afterwards they are there for the committer alone.
  List<Commit> prepare() throws IOException;

  /// Clears away the files that no [#prepare()] has named.
  @Override
  void close() throws IOException;
}
