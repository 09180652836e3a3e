package dev.tapline.files;

import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.SinkCommitter;
import dev.tapline.spi.sink.WriterContext;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Stores the files of a sink: knows the owner of each destination, stages files, and makes them
/// visible. Thread-safe.
///
/// [FolderStore] stores them in a local folder, [dev.tapline.files.objects.ObjectFileStore] in an
/// object store.
public interface FileStore extends Closeable {
  /// Checks whether a sink can write a stream.
  interface StreamProblem {
    /// The reason why it cannot, or empty.
    Optional<String> of(Stream stream) throws IOException;

    /// The findings for all streams.
    default List<Finding> findings(List<Stream> streams) {
      List<Finding> findings = new ArrayList<>();
      for (Stream stream : streams) {
        StreamName subject = stream.name();
        try {
          of(stream).ifPresent(problem -> findings.add(Finding.error(subject, problem, "")));
        } catch (IOException e) {
          findings.add(Finding.error(subject, String.valueOf(e.getMessage()), ""));
        }
      }
      return findings;
    }
  }

  /// Checks whether files can be written and whether the streams may be.
  List<Finding> check(List<Stream> streams);

  /// Opens the staging area of a writer.
  ///
  /// @throws IOException if the writer may not write there, with the reason
  Staging open(WriterContext context) throws IOException;

  /// Opens a committer.
  SinkCommitter committer() throws IOException;

  @Override
  void close() throws IOException;
}
