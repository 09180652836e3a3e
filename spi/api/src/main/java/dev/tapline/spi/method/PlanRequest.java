package dev.tapline.spi.method;

import dev.tapline.spi.source.ChangeLog;
import dev.tapline.spi.source.Source;
import dev.tapline.spi.source.StreamPosition;
import java.util.List;

/// What a method shall plan.
///
/// @param source where the streams come from
/// @param streams the streams, each with where it was left
/// @param absent other streams of this method that the pipeline selects and this run, or this plan,
///   leaves out: their place in a log must be kept
/// @param extent where splits of a log end
/// @param parallelism how many splits can run at once
public record PlanRequest(
    Source source,
    List<StreamPosition> streams,
    List<StreamPosition> absent,
    ChangeLog.Extent extent,
    int parallelism) {
  /// Copies the lists.
  public PlanRequest {
    streams = List.copyOf(streams);
    absent = List.copyOf(absent);
  }
}
