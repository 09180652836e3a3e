package dev.tapline.spi.method;

import dev.tapline.spi.Finding;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.source.Source;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/// How streams are replicated. A method plans, the source executes; it knows sources only by their
/// capabilities, so that it works with any that has them. One thread at a time.
///
/// What a method has opened for its reads, such as a snapshot, it holds until [#close()]: the
/// engine calls that when the last of the reads has ended.
public interface ReplicationMethod extends Closeable {
  /// Whether the method can replicate `stream` from `source`, and what the user should know of it.
  /// Does no I/O.
  List<Finding> check(Source source, Stream stream);

  /// Plans the reads that bring the streams up to date. All streams of a method are planned
  /// together, since one snapshot or one log can serve many.
  ///
  /// It is called again in the same run for the streams that a plan names to be planned
  /// [again][Plan#again()], and, of another instance, for streams whose reads were
  /// [stale][dev.tapline.spi.source.StaleReadException].
  ///
  /// @throws dev.tapline.spi.TransientException if it is worth trying again
  /// @throws IOException if a stream cannot be replicated, with the reason
  Plan plan(PlanRequest request) throws IOException, InterruptedException;

  /// Lets go of what the reads needed.
  @Override
  void close() throws IOException;
}
