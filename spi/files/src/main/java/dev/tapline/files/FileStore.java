package dev.tapline.files;

import dev.tapline.spi.Finding;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.WriterContext;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What is common to sinks of files: whose a destination is, where its files are prepared, and how
/// they become visible. Safe for use by several threads.
///
/// [FolderStore] keeps them in a folder of this machine, and
/// [dev.tapline.files.objects.ObjectFileStore] in an object store.
public interface FileStore extends Closeable {
  /// Looks for a reason why a sink cannot hold a stream.
  interface StreamProblem {
    /// The reason, or nothing.
    Optional<String> of(Stream stream) throws IOException;

    /// What is to be said of the streams, one by one.
    default List<Finding> findings(List<Stream> streams) {
      List<Finding> findings = new ArrayList<>();
      for (Stream stream : streams) {
        String subject = stream.name().toString();
        try {
          of(stream).ifPresent(problem -> findings.add(Finding.error(subject, problem, "")));
        } catch (IOException e) {
          findings.add(Finding.error(subject, String.valueOf(e.getMessage()), ""));
        }
      }
      return findings;
    }
  }

  /// Looks at whether the place can be written and may hold the streams.
  List<Finding> check(List<Stream> streams);

  /// Makes the place in which a writer prepares its files.
  ///
  /// @throws IOException if the writer may not write there, with the reason
  Staging open(WriterContext context) throws IOException;

  /// What makes prepared files visible.
  SinkCommitter committer() throws IOException;

  @Override
  void close() throws IOException;
}
