package dev.tapline.spi.sink;

import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/// Where data goes.
///
/// Order of calls in a run: [#capabilities()]; [#openCommitter()], once, which then repeats what an
/// earlier run left uncommitted and sweeps; [#openWriter], as often as needed; `write` and
/// `prepare` of the writers; `commit` of the committer; `close` of writers, committer, sink. A run
/// that is killed stops after any of them.
///
/// The simplest sink implements [#capabilities()] with an empty set and a writer that appends.
///
/// The methods of a sink may be called from any thread, [#openWriter] from several at once.
public interface Sink extends Closeable {
  /// What this sink can do.
  Set<Capability> capabilities();

  /// Looks at whether the destination can be reached and written, and can hold the streams under
  /// their destination names. It never throws for what it finds wrong, and leaves nothing behind.
  default List<Finding> check(List<Stream> streams) throws InterruptedException {
    return List.of();
  }

  /// How many rows a checkpoint should have at the most where the pipeline does not say: few enough
  /// that rows become visible while others are read, and no fewer than make it worth its while.
  /// Nothing where the sink has no wish.
  default OptionalLong checkpointRows() {
    return OptionalLong.empty();
  }

  /// A writer for the rows of one stream out of one split. Several are open at a time, also for one
  /// stream.
  ///
  /// @throws dev.tapline.spi.TransientException if it is worth trying again
  SinkWriter openWriter(WriterContext context) throws IOException, InterruptedException;

  /// The one that makes visible what writers have prepared. Called once in a run, before any writer
  /// is opened.
  default SinkCommitter openCommitter() throws IOException, InterruptedException {
    return SinkCommitter.NONE;
  }

  /// Lets go of everything. All writers and the committer were closed before.
  @Override
  default void close() throws IOException {}
}
