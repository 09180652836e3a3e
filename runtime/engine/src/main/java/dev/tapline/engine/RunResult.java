package dev.tapline.engine;

import java.time.Instant;
import java.util.List;

/// How a run ended.
///
/// @param pipeline the pipeline's name
/// @param startedAt when it began
/// @param endedAt when it ended
/// @param stopped whether it was asked to stop before it was done
/// @param standardOutputIsData whether the sink wrote rows to standard output
/// @param problems what concerns no single stream: entries that select nothing, a destination that
///   cannot be written
/// @param streams what became of each stream
public record RunResult(
    String pipeline,
    Instant startedAt,
    Instant endedAt,
    boolean stopped,
    boolean standardOutputIsData,
    List<String> problems,
    List<StreamProgress> streams) {

  /// Copies the lists.
  public RunResult {
    problems = List.copyOf(problems);
    streams = List.copyOf(streams);
  }

  /// Whether something has failed, whatever else was done or stopped.
  public boolean hasFailures() {
    return !problems.isEmpty()
        || streams.stream().anyMatch(stream -> stream.status() == StreamProgress.Status.FAILED);
  }

  /// Whether everything that was asked for is done.
  public boolean isSuccess() {
    return !stopped
        && problems.isEmpty()
        && streams.stream().allMatch(stream -> stream.status() == StreamProgress.Status.DONE);
  }
}
