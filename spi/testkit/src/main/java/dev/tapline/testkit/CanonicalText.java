package dev.tapline.testkit;

import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Scalar;
import dev.tapline.spi.catalog.Temporals;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// From PostgreSQL's text, and from text forms of other values, to the kit's form.
public final class CanonicalText {
  private static final Pattern DAY = Pattern.compile("(\\d+)-(\\d\\d)-(\\d\\d)(.*?)( BC)?");
  private static final Pattern BOUNDS =
      Pattern.compile("((?:\\[-?\\d+:-?\\d+])+)=(.*)", Pattern.DOTALL);

  private CanonicalText() {}

  /// @param type the type of the value
  public static Object of(String text, DataType type) {
    if (type instanceof DataType.ListOf list) {
      return list(text, list.element());
    }
    if (!(type instanceof Scalar scalar)) {
      return text;
    }
    if (text.endsWith("infinity")) {
      return text;
    }
    return switch (scalar) {
      case JSON -> Canonical.json(text);
      case DATE -> Long.toString(date(text).toEpochDay());
      case TIME ->
          text.startsWith("24")
              ? "86400000000"
              : Long.toString(LocalTime.parse(text).toNanoOfDay() / 1000);
      case TIMESTAMP, TIMESTAMP_TZ -> Long.toString(micros(text));
      default -> text;
    };
  }

  private static LocalDate date(String text) {
    Matcher matcher = DAY.matcher(text);
    if (!matcher.matches()) {
      throw new AssertionError("no date: " + text);
    }
    int year = Integer.parseInt(matcher.group(1));
    return LocalDate.of(
        matcher.group(5) == null ? year : 1 - year,
        Integer.parseInt(matcher.group(2)),
        Integer.parseInt(matcher.group(3)));
  }

  private static long micros(String text) {
    Matcher matcher = DAY.matcher(text);
    if (!matcher.matches()) {
      throw new AssertionError("no timestamp: " + text);
    }
    String time = matcher.group(4).trim().replace("+00", "");
    return Temporals.micros(LocalDateTime.of(date(text), LocalTime.parse(time)));
  }

  private static Object list(String text, DataType element) {
    Matcher bounds = BOUNDS.matcher(text);
    if (!bounds.matches()) {
      return new Parser(text, element).list();
    }
    List<Integer> lower =
        Arrays.stream(bounds.group(1).substring(1).split("\\["))
            .map(bound -> Integer.parseInt(bound.substring(0, bound.indexOf(':', 1))))
            .toList();
    return Canonical.bounded(lower, new Parser(bounds.group(2), element).list());
  }

  private static final class Parser {
    private final String text;
    private final DataType element;
    private int at;

    Parser(String text, DataType element) {
      this.text = text;
      this.element = element;
    }

    List<@Nullable Object> list() {
      List<@Nullable Object> list = new ArrayList<>();
      at++;
      while (text.charAt(at) != '}') {
        list.add(text.charAt(at) == '{' ? list() : value());
        if (text.charAt(at) == ',') {
          at++;
        }
      }
      at++;
      return list;
    }

    private @Nullable Object value() {
      if (text.charAt(at) != '"') {
        int start = at;
        while (",}".indexOf(text.charAt(at)) < 0) {
          at++;
        }
        String word = text.substring(start, at);
        return word.equals("NULL") ? null : of(word, element);
      }
      StringBuilder value = new StringBuilder();
      for (at++; text.charAt(at) != '"'; at++) {
        if (text.charAt(at) == '\\') {
          at++;
        }
        value.append(text.charAt(at));
      }
      at++;
      return of(value.toString(), element);
    }
  }
}
