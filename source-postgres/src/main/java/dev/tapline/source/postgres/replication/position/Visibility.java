package dev.tapline.source.postgres.replication.position;

import java.util.Arrays;

/// Which transactions a snapshot has seen, as `pg_current_snapshot()` writes it:
/// `xmin:xmax:xip,xip`.
///
/// @param text as the server wrote it
/// @param until the end of the log at some moment after the snapshot: whatever was committed at or
///   behind it, the snapshot has not seen
public record Visibility(String text, long until) {

  /// The question for each transaction of the log.
  ///
  /// Its numbers there have 32 bits, those of the snapshot 64; the difference between a transaction
  /// that can be in doubt and the snapshot is always less than 2^31.
  public static final class Judge {
    private final long oldest;
    private final long next;
    private final long[] running;

    /// @throws IllegalArgumentException if the text is not one of a snapshot
    public Judge(Visibility visibility) {
      String[] parts = visibility.text().split(":", -1);
      if (parts.length != 3) {
        throw new IllegalArgumentException("'" + visibility.text() + "' is not a snapshot");
      }
      oldest = Long.parseLong(parts[0]);
      next = Long.parseLong(parts[1]);
      running =
          parts[2].isEmpty()
              ? new long[0]
              : Arrays.stream(parts[2].split(",", -1))
                  .mapToLong(Long::parseLong)
                  .sorted()
                  .toArray();
    }

    /// Whether the snapshot has seen what a transaction did that was committed before `until`.
    ///
    /// @param transaction its number, of which 32 bits count
    public boolean hasSeen(long transaction) {
      long whole = oldest + ((int) transaction - (int) oldest);
      return whole < oldest || (whole < next && Arrays.binarySearch(running, whole) < 0);
    }
  }
}
