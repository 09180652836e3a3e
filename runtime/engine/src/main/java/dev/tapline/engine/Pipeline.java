package dev.tapline.engine;

import dev.tapline.spi.config.Config;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// What a run replicates, from where, to where and how; the values are found right.
///
/// [PipelineBuilder] makes one in code, the command line makes it of a descriptor.
///
/// @param name what the state and the sink's marker are named after
/// @param source the `type:` of the source and its values
/// @param sink the `type:` of the sink and its values
/// @param method the replication method of streams that name none
/// @param streams what to replicate, in the order of the descriptor
/// @param engine how to run
public record Pipeline(
    String name,
    Plugin source,
    Plugin sink,
    String method,
    List<StreamEntry> streams,
    Engine engine) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]+");

  /// Copies the list.
  public Pipeline {
    streams = List.copyOf(streams);
  }

  /// Why a text cannot name a pipeline: the name is part of file names; empty if it can.
  public static Optional<String> problemOfName(String name) {
    return NAME.matcher(name).matches()
        ? Optional.empty()
        : Optional.of(
            "the pipeline's name '" + name + "' may hold letters, digits, '.', '_' and '-' only");
  }

  /// The same with other entries.
  public Pipeline with(List<StreamEntry> others) {
    return new Pipeline(name, source, sink, method, others, engine);
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
  /// @param lookback how far behind its position an incremental method begins; empty for not at all
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
    /// The tables that a pattern means, with what the pipeline says of methods.
    ///
    /// @param pattern over `schema.table` or `database.schema.table`
    public static StreamEntry tables(String pattern) {
      return new StreamEntry(
          pattern,
          false,
          List.of(),
          "",
          List.of(),
          "",
          List.of(),
          List.of(),
          List.of(),
          "",
          "stream '" + pattern + "'");
    }

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
  /// @param parallelism how many splits are read at once
  /// @param checkpointInterval the longest time between two checkpoints of a stream that can be
  ///   resumed
  /// @param checkpointRows the most rows between two such checkpoints, where somebody said so
  /// @param checkpointBytes the most bytes between two such checkpoints
  /// @param retryFor how long to go on trying after a failure that may pass
  public record Engine(
      int parallelism,
      Duration checkpointInterval,
      OptionalLong checkpointRows,
      long checkpointBytes,
      Duration retryFor) {
    /// What holds where nobody says otherwise: 4 splits at once, a checkpoint each 10 seconds or
    /// 256 MB, retries for 5 minutes.
    public static final Engine DEFAULT =
        new Engine(
            4, Duration.ofSeconds(10), OptionalLong.empty(), 256L << 20, Duration.ofMinutes(5));
  }
}
