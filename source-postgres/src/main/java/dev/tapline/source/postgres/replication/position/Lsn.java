package dev.tapline.source.postgres.replication.position;

/// Log sequence numbers: unsigned 64-bit positions in the write-ahead log, which PostgreSQL writes
/// as two hexadecimal halves, `16/B374D848`.
public final class Lsn {
  private static final int HALF = 32;
  private static final int HEX = 16;

  private Lsn() {}

  /// Reads what [#text(long)] and the server write.
  ///
  /// @throws IllegalArgumentException if it is something else
  public static long parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("'" + text + "' is not a place in the log");
    }
    return Long.parseLong(text, 0, slash, HEX) << HALF
        | Long.parseLong(text, slash + 1, text.length(), HEX);
  }

  /// Writes it as the server does.
  public static String text(long lsn) {
    return Long.toHexString(lsn >>> HALF).toUpperCase(java.util.Locale.ROOT)
        + "/"
        + Integer.toHexString((int) lsn).toUpperCase(java.util.Locale.ROOT);
  }

  /// Whether `first` stands before `second`.
  public static boolean isBefore(long first, long second) {
    return Long.compareUnsigned(first, second) < 0;
  }

  /// The one further in front.
  public static long min(long first, long second) {
    return isBefore(first, second) ? first : second;
  }

  /// The one further behind.
  public static long max(long first, long second) {
    return isBefore(first, second) ? second : first;
  }
}
