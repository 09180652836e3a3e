package dev.tapline.cli.text;

import dev.tapline.spi.source.Lag;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// Writes amounts for people.
public final class HumanReadable {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT)
          .withZone(ZoneId.systemDefault());

  private HumanReadable() {}

  /// `1,234,567`.
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /// `12.3 MB`, in powers of 1024.
  public static String bytes(long bytes) {
    String[] units = {"B", "KB", "MB", "GB", "TB"};
    double amount = bytes;
    int unit = 0;
    while (amount >= 1024 && unit < units.length - 1) {
      amount /= 1024;
      unit++;
    }
    return unit == 0
        ? bytes + " B"
        : String.format(Locale.ROOT, amount < 10 ? "%.1f %s" : "%.0f %s", amount, units[unit]);
  }

  /// `0.4`, `12.3`, `1234`: seconds with the digits that matter.
  public static String seconds(Duration duration) {
    double seconds = duration.toMillis() / 1000.0;
    return String.format(
        Locale.ROOT, seconds < 10 ? "%.2f" : seconds < 1000 ? "%.1f" : "%.0f", seconds);
  }

  /// `0:07`, `12:05`, `3:00:59`.
  public static String clock(Duration duration) {
    long seconds = duration.toSeconds();
    return seconds < 3600
        ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
        : String.format(
            Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  /// `12.3 MB, 0:04`: how far a reader is behind its log, in bytes and in time.
  public static String lag(Lag lag) {
    return lag.bytes() == 0 && lag.time().isZero()
        ? "none"
        : bytes(lag.bytes()) + ", " + clock(lag.time());
  }

  /// `2026-11-30 03:40:34`, by this machine's clock.
  public static String time(Instant time) {
    return TIME.format(time);
  }

  /// So many each second, rounded; 0 for no time.
  public static long perSecond(long amount, Duration duration) {
    long nanos = duration.toNanos();
    return nanos <= 0 ? 0 : Math.round(amount * 1e9 / nanos);
  }
}
