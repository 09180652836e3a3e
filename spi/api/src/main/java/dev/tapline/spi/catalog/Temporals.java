package dev.tapline.spi.catalog;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;

/// Converts between the longs that columns hold and `java.time`.
///
/// The calendar is the proleptic Gregorian one on both sides; years before 1 count as ISO 8601
/// does, so that 1 BC is the year 0.
public final class Temporals {
  /// Seconds from 1970-01-01 to 2000-01-01, where timestamps count from.
  public static final long EPOCH_SECONDS = 946_684_800L;

  /// Days from 1970-01-01 to 2000-01-01.
  public static final long EPOCH_DAYS = 10_957L;

  /// The same in microseconds: what to add to a timestamp to have it count from 1970. The sum
  /// overflows from the year 294247 on: use [Math#addExact(long, long)].
  public static final long EPOCH_MICROS = EPOCH_SECONDS * 1_000_000L;

  /// Later than every date or timestamp.
  public static final long INFINITY = Long.MAX_VALUE;

  /// Earlier than every date or timestamp.
  public static final long NEGATIVE_INFINITY = Long.MIN_VALUE;

  private static final long MICROS = 1_000_000L;

  private Temporals() {}

  /// Whether a date or timestamp is one of the two infinities.
  public static boolean isInfinite(long value) {
    return value == INFINITY || value == NEGATIVE_INFINITY;
  }

  /// The instant of a `TIMESTAMP_TZ`.
  ///
  /// @throws ArithmeticException if it is infinite
  public static Instant instant(long micros) {
    requireFinite(micros);
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, MICROS) + EPOCH_SECONDS, Math.floorMod(micros, MICROS) * 1_000L);
  }

  /// The day and time of a `TIMESTAMP`.
  ///
  /// @throws ArithmeticException if it is infinite
  public static LocalDateTime dateTime(long micros) {
    return LocalDateTime.ofInstant(instant(micros), ZoneOffset.UTC);
  }

  /// The day of a `DATE`.
  ///
  /// @throws ArithmeticException if it is infinite
  public static LocalDate date(long day) {
    requireFinite(day);
    return LocalDate.ofEpochDay(day);
  }

  /// The time of a `TIME`.
  ///
  /// @throws java.time.DateTimeException if it is 24:00, which `LocalTime` does not know
  public static LocalTime time(long micros) {
    return LocalTime.ofNanoOfDay(Math.multiplyExact(micros, 1_000L));
  }

  /// The `TIMESTAMP_TZ` of an instant, cut to microseconds.
  public static long micros(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond() - EPOCH_SECONDS, MICROS),
        instant.getNano() / 1_000L);
  }

  /// The `TIMESTAMP` of a day and time, cut to microseconds.
  public static long micros(LocalDateTime dateTime) {
    return micros(dateTime.toInstant(ZoneOffset.UTC));
  }

  private static void requireFinite(long value) {
    if (isInfinite(value)) {
      throw new ArithmeticException(value > 0 ? "infinity" : "-infinity");
    }
  }
}
