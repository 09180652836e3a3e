package dev.tapline.sink.jsonl.encoding;

import dev.tapline.spi.catalog.Temporals;

/// Writes dates and times in ISO 8601 directly from columns' longs.
///
/// Years from 0 to 9999 have four digits; later years have more and a plus sign, earlier ones a
/// minus sign: the expanded form of ISO 8601, as in `java.time`. The year 0 is 1 BC.
final class TemporalText {
  /// The maximum number of bytes that a method writes.
  static final int MAX_LENGTH = 48;

  private static final long MICROS_OF_DAY = 86_400_000_000L;
  private static final long DAYS_OF_400_YEARS = 146_097;
  // From 0000-03-01, the algorithm's epoch, to 1970-01-01.
  private static final long DAYS_TO_1970 = 719_468;

  private TemporalText() {}

  /// `2026-11-20`, from days since 1970.
  ///
  /// The algorithm is Howard Hinnant's `civil_from_days`: years begin in March, so that the leap
  /// day is the last.
  static int writeDate(byte[] to, int at, long day) {
    long shifted = day + DAYS_TO_1970;
    long era = Math.floorDiv(shifted, DAYS_OF_400_YEARS);
    int dayOfEra = (int) (shifted - era * DAYS_OF_400_YEARS);
    int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
    int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    int shiftedMonth = (5 * dayOfYear + 2) / 153;
    int dayOfMonth = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1;
    int month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
    int i = writeYear(to, at, yearOfEra + era * 400 + (month <= 2 ? 1 : 0));
    to[i] = '-';
    NumberText.pair(to, i + 1, month);
    to[i + 3] = '-';
    NumberText.pair(to, i + 4, dayOfMonth);
    return i + 6;
  }

  /// `14:12:34.896160`, from microseconds since midnight; 24:00 is `24:00:00.000000`.
  static int writeTime(byte[] to, int at, long microsOfDay) {
    int seconds = (int) (microsOfDay / 1_000_000);
    int micros = (int) (microsOfDay - seconds * 1_000_000L);
    int minutes = seconds / 60;
    NumberText.pair(to, at, minutes / 60);
    to[at + 2] = ':';
    NumberText.pair(to, at + 3, minutes % 60);
    to[at + 5] = ':';
    NumberText.pair(to, at + 6, seconds % 60);
    to[at + 8] = '.';
    return NumberText.writeDigits(to, at + 9, micros, 6);
  }

  /// `2026-11-20T14:12:34.896160`, from microseconds since 2000.
  static int writeTimestamp(byte[] to, int at, long micros) {
    long day = Math.floorDiv(micros, MICROS_OF_DAY);
    int i = writeDate(to, at, day + Temporals.EPOCH_DAYS);
    to[i] = 'T';
    return writeTime(to, i + 1, micros - day * MICROS_OF_DAY);
  }

  private static int writeYear(byte[] to, int at, long year) {
    if (year >= 0 && year <= 9999) {
      NumberText.pair(to, at, (int) year / 100);
      NumberText.pair(to, at + 2, (int) year % 100);
      return at + 4;
    }
    to[at] = (byte) (year < 0 ? '-' : '+');
    long magnitude = Math.abs(year);
    return NumberText.writeDigits(to, at + 1, magnitude, Math.max(4, NumberText.length(magnitude)));
  }
}
