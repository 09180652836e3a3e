package dev.tapline.it;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Values as PostgreSQL takes them in text.
final class Literals {
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("yyyy-MM-dd", Locale.ROOT);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS", Locale.ROOT);

  private Literals() {}

  static String date(long epochDay) {
    return day(LocalDate.ofEpochDay(epochDay), "");
  }

  static String time(long micros) {
    return TIME.format(LocalTime.ofNanoOfDay(micros * 1_000));
  }

  /// @param zone what follows, as in `+00`
  static String timestamp(long micros, String zone) {
    LocalDateTime time =
        LocalDateTime.ofEpochSecond(
            Math.floorDiv(micros, 1_000_000L),
            (int) Math.floorMod(micros, 1_000_000L) * 1_000,
            ZoneOffset.UTC);
    return day(time.toLocalDate(), " " + TIME.format(time) + zone);
  }

  static String bytes(byte[] bytes) {
    return "\\x" + HexFormat.of().formatHex(bytes);
  }

  static String array(List<@Nullable String> elements) {
    StringBuilder literal = new StringBuilder("{");
    for (String element : elements) {
      literal.append(literal.length() == 1 ? "" : ",");
      if (element == null) {
        literal.append("NULL");
      } else {
        literal.append('"').append(element.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
      }
    }
    return literal.append('}').toString();
  }

  private static String day(LocalDate date, String time) {
    String day = date.getYear() > 0 && date.getYear() < 10_000 ? DAY.format(date) : "";
    if (day.isEmpty()) {
      int year = date.getYear() > 0 ? date.getYear() : 1 - date.getYear();
      day = "%04d-%02d-%02d".formatted(year, date.getMonthValue(), date.getDayOfMonth());
    }
    return day + time + (date.getYear() > 0 ? "" : " BC");
  }
}
