package dev.tapline.source.postgres.incremental;

import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// Which rows have keys ahead of everything that can be expected: beyond the server's clock, or a
/// value that stands for "no end", such as the highest of a type or 99999999. Such a row is copied,
/// but must not become the position: every later row would lie below it.
///
/// A row that is wrongly taken for one does no harm: the position stays below it, and it is
/// compared once more.
///
/// @param field the first column of the key
/// @param type its type, quoted
/// @param clock the server's clock, in UTC, as `2026-01-31 23:59:59.999999`
record OutlierKeys(Field field, String type, String clock) {
  /// Not ahead.
  static final int NOT = 0;

  /// Ahead, but no more than another time zone or a clock that is fast may explain.
  static final int SOMEWHAT = 1;

  /// Far ahead.
  static final int FAR = 2;

  /// What a server says its clock is.
  static final String CLOCK =
      "pg_catalog.to_char(pg_catalog.timezone('UTC', pg_catalog.clock_timestamp()), 'YYYY-MM-DD HH24:MI:SS.US')";

  /// For what needs none.
  static final String NO_CLOCK = "2000-01-01 00:00:00";

  private static final Pattern TIME = Pattern.compile("[0-9]{4,6}-[0-9]{2}-[0-9]{2} [0-9:.]{8,15}");
  private static final int MIN_NINES = 4;
  static final String MAX_UUID = "ffffffff-ffff-ffff-ffff-ffffffffffff";

  /// Requires a clock.
  OutlierKeys {
    if (!TIME.matcher(clock).matches()) {
      throw new IllegalArgumentException("not a clock: " + clock);
    }
  }

  static OutlierKeys of(ReplicationKey key, String clock) {
    return new OutlierKeys(key.fields().getFirst(), key.orders().getFirst().type(), clock);
  }

  /// Whether rows of this type are told apart at all.
  boolean isKnown() {
    return KeyTypes.isTime(field) || KeyTypes.isUuid(field) || !lastNumbers().isEmpty();
  }

  boolean isTime() {
    return KeyTypes.isTime(field);
  }

  /// The condition that a row may hold the position.
  String credible() {
    return isKnown() ? "NOT (" + isAhead("0") + ")" : "true";
  }

  /// How far a row is ahead, as two bytes.
  String degree() {
    if (!KeyTypes.isTime(field)) {
      return "(CASE WHEN %s THEN %d ELSE %d END)::pg_catalog.int2"
          .formatted(isAhead("0"), FAR, NOT);
    }
    return "(CASE WHEN %s THEN %d WHEN %s THEN %d ELSE %d END)::pg_catalog.int2"
        .formatted(isAhead("1 day"), FAR, isAhead("0"), SOMEWHAT, NOT);
  }

  private String isAhead(String tolerance) {
    return isAhead(ReplicationKey.name(field), tolerance);
  }

  /// The condition that a value of the key lies ahead.
  ///
  /// @param value its SQL
  /// @param tolerance how far at the least, for times
  String isAhead(String value, String tolerance) {
    if (KeyTypes.isTime(field)) {
      return value + " OPERATOR(pg_catalog.>) " + later(tolerance);
    }
    if (KeyTypes.isUuid(field)) {
      return value + " OPERATOR(pg_catalog.=) '" + MAX_UUID + "'::pg_catalog.uuid";
    }
    return "%s OPERATOR(pg_catalog.=) ANY ('{%s}'::%s[])"
        .formatted(value, String.join(",", lastNumbers()), type);
  }

  private String later(String tolerance) {
    String time =
        "('%s'::pg_catalog.timestamp OPERATOR(pg_catalog.+) '%s'::pg_catalog.interval)"
            .formatted(clock, tolerance);
    return switch (field.type()) {
      case DataType.Scalar.DATE -> time + "::pg_catalog.date";
      case DataType.Scalar.TIMESTAMP_TZ -> "pg_catalog.timezone('UTC', " + time + ")";
      default -> time;
    };
  }

  private List<String> lastNumbers() {
    List<String> last = new ArrayList<>();
    switch (field.type()) {
      case DataType.Scalar.INT16 -> add(last, "32767", 4);
      case DataType.Scalar.INT32 -> add(last, "2147483647", 9);
      case DataType.Scalar.INT64 -> {
        add(last, "2147483647", 9);
        last.add("4294967295");
        if (type.equals("\"pg_catalog\".\"int8\"")) {
          add(last, "9223372036854775807", 18);
        }
      }
      case DataType.Scalar.FLOAT32 -> add(last, "3.4028235e38", 6);
      case DataType.Scalar.FLOAT64 -> {
        add(last, "1.7976931348623157e308", 15);
        last.add("1e308");
      }
      case DataType.Decimal(int precision, int scale) -> {
        add(last, "2147483647", 18);
        last.add("9223372036854775807");
        if (precision > 0 && scale > 0 && scale < precision) {
          last.add("9".repeat(precision - scale) + "." + "9".repeat(scale));
        } else if (precision > 0 && scale == 0) {
          last.add("9".repeat(precision));
        }
      }
      default -> {
        // Of texts and other values nobody knows what the last one would be.
      }
    }
    return last;
  }

  private static void add(List<String> last, String highest, int mostNines) {
    last.add(highest);
    for (int nines = MIN_NINES; nines <= mostNines; nines++) {
      last.add("9".repeat(nines));
    }
  }

  /// The message about a row that is far ahead.
  ///
  /// @param value the first value of its key
  String told(String value) {
    return "its replication key '%s' has a row at %s, %s: such rows are copied once, and the position stays below them; correct them if they are mistaken"
        .formatted(field.name(), value, (isTime() ? "" : "which is ") + why());
  }

  /// Where a value is that is far ahead.
  String why() {
    return isTime() ? "far ahead of the server's clock" : "ahead of all that can be expected";
  }
}
