package dev.tapline.spi.sink;

import java.time.InstantSource;

/// Whose sink it is.
///
/// @param pipeline the pipeline's name: markers and leftovers of a sink are kept apart by it.
///   Letters, digits, `.`, `_`, `-`
/// @param clock the pipeline's: it does not go back from one run to the next
public record SinkContext(String pipeline, GrowingClock clock) {
  /// For a sink that writes nothing after what other runs have written.
  public SinkContext(String pipeline) {
    this(pipeline, new GrowingClock(InstantSource.system(), 0));
  }
}
