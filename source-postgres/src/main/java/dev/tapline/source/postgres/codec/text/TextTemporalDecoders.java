package dev.tapline.source.postgres.codec.text;

import dev.tapline.source.postgres.codec.FieldDecoder;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.Temporals;
import java.io.IOException;

/// Decodes dates and times of the style `ISO`: `2024-02-29`, `0044-03-15 BC`, `infinity`,
/// `23:59:59.999999`, `2024-02-29 12:00:00.5+00`.
final class TextTemporalDecoders {
  private static final long SECOND = 1_000_000L;
  private static final long DAY = 86_400L * SECOND;
  private static final int FRACTION_DIGITS = 6;

  private TextTemporalDecoders() {}

  static final class Date extends FieldDecoder {
    private final LongColumn column;
    private final Scanner scanner = new Scanner();

    Date(LongColumn column) {
      super(column);
      this.column = column;
    }

    @Override
    public void decode(byte[] message, int offset, int length) throws IOException {
      scanner.on(message, offset, length);
      column.append(scanner.isInfinite() ? scanner.infinity() : scanner.dayAndEra());
      scanner.requireEnd();
    }
  }

  static final class Time extends FieldDecoder {
    private final LongColumn column;
    private final Scanner scanner = new Scanner();

    Time(LongColumn column) {
      super(column);
      this.column = column;
    }

    @Override
    public void decode(byte[] message, int offset, int length) throws IOException {
      scanner.on(message, offset, length);
      column.append(scanner.time());
      scanner.requireEnd();
    }
  }

  static final class Timestamp extends FieldDecoder {
    private final LongColumn column;
    private final Scanner scanner = new Scanner();

    Timestamp(LongColumn column) {
      super(column);
      this.column = column;
    }

    @Override
    public void decode(byte[] message, int offset, int length) throws IOException {
      scanner.on(message, offset, length);
      column.append(scanner.isInfinite() ? scanner.infinity() : scanner.timestamp());
      scanner.requireEnd();
    }
  }

  /// Goes over one value.
  static final class Scanner {
    private static final String BEFORE_CHRIST = " BC";

    private byte[] text = {};
    private int position;
    private int end;

    void on(byte[] message, int offset, int length) {
      text = message;
      position = offset;
      end = offset + length;
    }

    boolean isInfinite() {
      return position < end && (text[position] == 'i' || text[position] == '-');
    }

    long infinity() throws IOException {
      int length = end - position;
      boolean positive = Digits.is("infinity", text, position, length);
      if (!positive && !Digits.is("-infinity", text, position, length)) {
        throw FieldDecoder.malformed("a date or time was expected");
      }
      position = end;
      return positive ? Temporals.INFINITY : Temporals.NEGATIVE_INFINITY;
    }

    long timestamp(byte[] whole) throws IOException {
      on(whole, 0, whole.length);
      long micros = timestamp();
      requireEnd();
      return micros;
    }

    long dayAndEra() throws IOException {
      boolean before = takeEra();
      return day(before);
    }

    long timestamp() throws IOException {
      boolean before = takeEra();
      long days = day(before) - Temporals.EPOCH_DAYS;
      take(' ');
      long micros = time();
      long offset = position < end ? offset() : 0;
      // The sum is in range even where the product alone is not.
      return days * DAY + micros - offset;
    }

    // The era stands at the end and is needed at the beginning.
    private boolean takeEra() {
      int length = BEFORE_CHRIST.length();
      if (end - position > length && text[end - 1] == 'C') {
        end -= length;
        return true;
      }
      return false;
    }

    private long day(boolean before) throws IOException {
      long year = 0;
      int first = position;
      while (position < end && text[position] != '-') {
        year = year * 10 + Digits.digit(text, position++);
      }
      if (position - first > 7) {
        throw FieldDecoder.malformed("a year of " + (position - first) + " digits");
      }
      take('-');
      int month = two();
      take('-');
      int day = two();
      return epochDay(before ? 1 - year : year, month, day);
    }

    long time() throws IOException {
      long seconds = two() * 3_600L;
      take(':');
      seconds += two() * 60L;
      take(':');
      seconds += two();
      long fraction = 0;
      if (position < end && text[position] == '.') {
        position++;
        int digits = 0;
        while (position < end && text[position] >= '0' && text[position] <= '9') {
          fraction = fraction * 10 + (text[position++] - '0');
          digits++;
        }
        if (digits > FRACTION_DIGITS) {
          throw FieldDecoder.malformed("a time finer than microseconds");
        }
        for (; digits < FRACTION_DIGITS; digits++) {
          fraction *= 10;
        }
      }
      return seconds * SECOND + fraction;
    }

    private long offset() throws IOException {
      boolean west = text[position++] == '-';
      long seconds = two() * 3_600L;
      if (position < end) {
        take(':');
        seconds += two() * 60L;
      }
      if (position < end) {
        take(':');
        seconds += two();
      }
      return (west ? -seconds : seconds) * SECOND;
    }

    private int two() throws IOException {
      if (end - position < 2) {
        throw FieldDecoder.malformed("a date or time that ends early");
      }
      int number = Digits.twoDigits(text, position);
      position += 2;
      return number;
    }

    private void take(char expected) throws IOException {
      if (position >= end || text[position] != expected) {
        throw FieldDecoder.malformed("a date or time without its '" + expected + "'");
      }
      position++;
    }

    void requireEnd() throws IOException {
      if (position != end) {
        throw FieldDecoder.malformed("a date or time with something behind it");
      }
    }

    // Days since 1970-01-01, proleptic Gregorian: years begin in March, so that the leap day is
    // their last, and 400 of them are one cycle.
    private static long epochDay(long year, int month, int day) {
      long shifted = month > 2 ? year : year - 1;
      long cycle = Math.floorDiv(shifted, 400);
      long yearOfCycle = shifted - cycle * 400;
      long dayOfYear = (153L * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
      long dayOfCycle = yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100 + dayOfYear;
      return cycle * 146_097 + dayOfCycle - 719_468;
    }
  }
}
