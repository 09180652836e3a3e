package dev.tapline.spi.source;

import dev.tapline.spi.method.Resumption;
import java.io.IOException;
import java.util.List;

/// The capability of a source to bring the changes of many streams in the order in which they were
/// committed.
public interface ChangeLog {
  /// Plans the reads, of mode [dev.tapline.spi.sink.WriteMode#APPEND], that follow the changes of
  /// the streams: one for each log of the source, usually one a database.
  ///
  /// @param streams what to follow, each from where it was left
  /// @throws IOException if the log cannot be read from there, with the reason and the remedy: a
  ///   gap is never passed over in silence
  List<Read> follow(List<Resumption> streams) throws IOException, InterruptedException;
}
