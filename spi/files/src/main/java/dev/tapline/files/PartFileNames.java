package dev.tapline.files;

import dev.tapline.spi.sink.GrowingClock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/// Generates names of data files, as in `20261120T141234.896160Z-orders.2-5f3a9c01-17.jsonl`: a
/// time that grows from file to file, the writer, a random id of the run, and a number. The random
/// id keeps names distinct even if an old state is restored.
public final class PartFileNames {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final int MAX_PART_LENGTH = 80;
  private static final int RUN_LENGTH = 8;

  private final GrowingClock clock;
  private final String extension;
  private final String run = UUID.randomUUID().toString().substring(0, RUN_LENGTH);
  private final AtomicLong count = new AtomicLong();

  /// @param extension the extension of the names
  public PartFileNames(GrowingClock clock, String extension) {
    this.clock = clock;
    this.extension = extension;
  }

  /// The next name, which is unique.
  ///
  /// @param part the name of the writer
  public String next(String part) {
    String shortened = part.length() <= MAX_PART_LENGTH ? part : part.substring(0, MAX_PART_LENGTH);
    return TIME.format(Instant.EPOCH.plus(clock.next(), ChronoUnit.MICROS))
        + "-"
        + shortened
        + "-"
        + run
        + "-"
        + count.incrementAndGet()
        + extension;
  }
}
