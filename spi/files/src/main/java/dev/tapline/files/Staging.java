package dev.tapline.files;

import dev.tapline.spi.sink.Commit;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/// The staging area of one writer; its files are not visible. Not thread-safe.
public interface Staging extends Closeable {
  /// Starts a file.
  ///
  /// @param name its final name, relative to the destination's folder
  DataFile begin(String name) throws IOException;

  /// Returns commits that make the files visible which were started since the last call. These must
  /// be [finished][DataFile#finish()]; afterwards only the committer uses them.
  List<Commit> prepare() throws IOException;

  /// Removes the files that [#prepare()] has not returned.
  @Override
  void close() throws IOException;
}
