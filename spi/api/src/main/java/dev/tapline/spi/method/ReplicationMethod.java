package dev.tapline.spi.method;

import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.source.Source;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/// How streams are replicated. A method plans, the source executes; it knows sources only by their
/// capabilities, so that it works with any that has them. One thread at a time.
///
/// What a method has opened for its splits, such as a snapshot, it holds until [#close()]: the
/// engine calls that when the last of the splits has ended.
///
/// The engine makes an instance for the streams of one database and one round of planning.
public interface ReplicationMethod extends Closeable {
  /// Whether the method can replicate `stream` from `source`, and what the user should know of it.
  /// Does no I/O.
  List<Finding> check(Source source, Stream stream);

  /// Whether the splits of mode [dev.tapline.spi.sink.WriteMode#APPEND] that it plans follow a log.
  /// They wait for most of their time, so the engine does not count them among the splits that run
  /// at once, and in a continuous run they end only when they are stopped.
  default boolean followsLog() {
    return false;
  }

  /// Plans the splits that bring the streams up to date. All streams of a method and a database are
  /// planned together, since one snapshot or one log can serve many.
  ///
  /// It is called again in the same run, of another instance, for the streams that a plan names to
  /// be planned [again][Plan#again()], and for streams whose splits were
  /// [stale][dev.tapline.spi.source.StaleSplitException]. After an exception the same instance is
  /// asked again for those of the streams that have not failed.
  ///
  /// @throws dev.tapline.spi.TransientException if it is worth trying again
  /// @throws dev.tapline.spi.source.StreamException if one stream cannot be replicated: it fails,
  ///   and the others are planned without it
  /// @throws IOException if they cannot be replicated, with the reason. Each is then planned alone,
  ///   unless the method [follows a log][#followsLog()]
  Plan plan(PlanRequest request) throws IOException, InterruptedException;

  /// Lets go of what the splits needed.
  @Override
  void close() throws IOException;
}
