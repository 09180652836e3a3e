package dev.tapline.engine;

import dev.tapline.spi.config.Config;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/// A descriptor that has been read and found right.
///
/// @param name what the state and the sink's marker are named after
/// @param file the descriptor's path, absolute
/// @param source the `type:` of the source and its values
/// @param sink the `type:` of the sink and its values
/// @param method the replication method of streams that name none
/// @param streams what to replicate, in the order of the descriptor
/// @param stateFolder where the state is kept, absolute
/// @param engine how to run
public record Pipeline(
    String name,
    Path file,
    Plugin source,
    Plugin sink,
    String method,
    List<StreamEntry> streams,
    Path stateFolder,
    Engine engine) {

  /// Copies the list.
  public Pipeline {
    streams = List.copyOf(streams);
  }

  /// The same with other entries.
  public Pipeline with(List<StreamEntry> others) {
    return new Pipeline(name, file, source, sink, method, others, stateFolder, engine);
  }

  /// A plug-in that the descriptor chose.
  ///
  /// @param type its name
  /// @param config its values
  public record Plugin(String type, Config config) {}

  /// An entry of `streams:`.
  ///
  /// @param pattern a pattern over `schema.table` or `database.schema.table`
  /// @param view whether the entry names a view (`view:`) and not tables (`table:`)
  /// @param exclude patterns of what the entry does not mean
  /// @param method the replication method; empty for the pipeline's
  /// @param replicationKey fields to order by; may be empty
  /// @param lookback how far behind its bookmark an incremental method begins; empty for not at all
  /// @param primaryKey fields that identify a row, where the source knows none
  /// @param includeColumns the columns to take; empty for all
  /// @param excludeColumns the columns to leave out
  /// @param as the destination's name; empty for the usual one
  /// @param where where the entry stands, as `file:line:column`
  public record StreamEntry(
      String pattern,
      boolean view,
      List<String> exclude,
      String method,
      List<String> replicationKey,
      String lookback,
      List<String> primaryKey,
      List<String> includeColumns,
      List<String> excludeColumns,
      String as,
      String where) {
    /// The same entry, standing elsewhere.
    public StreamEntry at(String place) {
      return new StreamEntry(
          pattern,
          view,
          exclude,
          method,
          replicationKey,
          lookback,
          primaryKey,
          includeColumns,
          excludeColumns,
          as,
          place);
    }
  }

  /// `engine:`.
  ///
  /// @param parallelism how many reads run at once
  /// @param checkpointInterval the longest time between two checkpoints of a stream that can be
  ///   resumed
  /// @param checkpointRows the most rows between two such checkpoints, where somebody said so
  /// @param checkpointBytes the most bytes between two such checkpoints
  /// @param retryFor how long to go on trying after a failure that may pass
  /// @param keepRuns of how many runs to keep the log and the report
  public record Engine(
      int parallelism,
      Duration checkpointInterval,
      OptionalLong checkpointRows,
      long checkpointBytes,
      Duration retryFor,
      long keepRuns) {}
}
