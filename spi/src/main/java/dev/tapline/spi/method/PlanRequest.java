package dev.tapline.spi.method;

import dev.tapline.spi.source.Source;
import java.util.List;

/// What a method shall plan.
///
/// @param source where the streams come from
/// @param streams the streams, each with where it was left
/// @param parallelism how many reads can run at once
public record PlanRequest(Source source, List<Resumption> streams, int parallelism) {
  /// Copies the list.
  public PlanRequest {
    streams = List.copyOf(streams);
  }
}
