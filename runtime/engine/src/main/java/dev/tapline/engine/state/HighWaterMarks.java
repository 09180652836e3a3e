package dev.tapline.engine.state;

import dev.tapline.spi.catalog.Temporals;
import java.time.Instant;
import java.util.Collection;

/// The highest numbers that a pipeline has given, so that none comes again or goes back: neither
/// when the machine's clock is set back, nor after streams were forgotten.
///
/// @param version the highest version of a stream
/// @param time the last time of the pipeline's clock, in microseconds since 1970
public record HighWaterMarks(long version, long time) {
  /// Of a pipeline that has given none.
  public static final HighWaterMarks NONE = new HighWaterMarks(0, 0);

  /// The higher ones of both.
  public HighWaterMarks max(HighWaterMarks other) {
    return new HighWaterMarks(Math.max(version, other.version), Math.max(time, other.time));
  }

  /// What is known of a state that was written before it had these numbers.
  static HighWaterMarks of(Collection<StreamState> streams) {
    HighWaterMarks highest = NONE;
    for (StreamState stream : streams) {
      highest = highest.max(new HighWaterMarks(stream.version(), micros(stream.updatedAt())));
    }
    return highest;
  }

  private static long micros(Instant time) {
    return Math.addExact(Temporals.micros(time), Temporals.EPOCH_MICROS);
  }
}
