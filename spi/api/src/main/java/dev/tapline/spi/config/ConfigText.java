package dev.tapline.spi.config;

import java.math.BigInteger;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Reads and writes single values in the form that a descriptor has.
final class ConfigText {
  private static final Pattern SIZE = Pattern.compile("(\\d+) ?([KMGT]?)i?B?");
  private static final Pattern DURATION = Pattern.compile("(\\d+) ?(ms|s|m|h|d)");

  private static final Pattern ADDRESS = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]+)://(.*?)/*");

  private ConfigText() {}

  static Object read(ConfigKey<?> key, String text, Path folder) {
    return switch (key.type()) {
      case INTEGER -> bounded(key, integer(text), text);
      case SIZE -> bounded(key, size(text), text);
      case BOOLEAN -> bool(text);
      case CHOICE -> key.choice(text);
      case DURATION -> Duration.ofMillis(bounded(key, millis(text), text));
      case PATH -> path(text, folder);
      case LOCATION -> location(text, folder);
      case SECRET -> new Secret(text);
      default -> text;
    };
  }

  static String write(ConfigType type, Object value) {
    return switch (value) {
      case Duration duration -> writeDuration(duration);
      case Long bytes when type == ConfigType.SIZE -> writeSize(bytes);
      case Enum<?> constant -> ConfigKey.choiceName(constant);
      case List<?> list ->
          list.stream().map(String::valueOf).collect(Collectors.joining(", ", "[", "]"));
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> entry.getKey() + ": " + entry.getValue())
              .collect(Collectors.joining(", ", "{", "}"));
      default -> value.toString();
    };
  }

  private static long integer(String text) {
    try {
      return Long.parseLong(text.replace("_", ""));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          text.matches("[+-]?[0-9_]*[0-9]")
              ? text + " is a number that nothing can count to"
              : "'" + text + "' is not a whole number",
          e);
    }
  }

  private static Boolean bool(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on" -> true;
      case "false", "no", "off" -> false;
      default -> throw new IllegalArgumentException("'" + text + "' is neither true nor false");
    };
  }

  private static long size(String text) {
    Matcher matcher = SIZE.matcher(text.toUpperCase(Locale.ROOT).replace("IB", "B"));
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not an amount of bytes such as 64MB or 1GB");
    }
    int power = "KMGT".indexOf(matcher.group(2)) + 1;
    return product(matcher.group(1), matcher.group(2).isEmpty() ? 1 : 1L << (10 * power));
  }

  // One that no long holds is beyond every bound.
  private static long product(String amount, long unit) {
    BigInteger product = new BigInteger(amount).multiply(BigInteger.valueOf(unit));
    return product.bitLength() < Long.SIZE ? product.longValue() : Long.MAX_VALUE;
  }

  private static String writeSize(long bytes) {
    for (int power = 4; power > 0; power--) {
      long unit = 1L << (10 * power);
      if (bytes >= unit && bytes % unit == 0) {
        return bytes / unit + "KMGT".substring(power - 1, power) + "B";
      }
    }
    return Long.toString(bytes);
  }

  private static long millis(String text) {
    Matcher matcher = DURATION.matcher(text.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a span of time such as 500ms, 10s, 5m, 2h or 1d");
    }
    Duration unit =
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(1);
          case "s" -> Duration.ofSeconds(1);
          case "m" -> Duration.ofMinutes(1);
          case "h" -> Duration.ofHours(1);
          default -> Duration.ofDays(1);
        };
    return product(matcher.group(1), unit.toMillis());
  }

  private static String writeDuration(Duration duration) {
    if (duration.toMillis() % 1000 != 0) {
      return duration.toMillis() + "ms";
    }
    long seconds = duration.toSeconds();
    if (seconds == 0 || seconds % 60 != 0) {
      return seconds + "s";
    }
    if (seconds % 3600 != 0) {
      return seconds / 60 + "m";
    }
    return seconds % 86_400 != 0 || seconds == 86_400
        ? seconds / 3600 + "h"
        : seconds / 86_400 + "d";
  }

  private static Location location(String text, Path folder) {
    Matcher address = ADDRESS.matcher(text);
    return address.matches()
        ? new Location.Remote(address.group(1).toLowerCase(Locale.ROOT), address.group(2))
        : new Location.Local(path(text, folder));
  }

  private static Path path(String text, Path folder) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("the path is empty");
    }
    Path path =
        text.equals("~") || text.startsWith("~/")
            ? Path.of(System.getProperty("user.home"))
                .resolve(text.substring(Math.min(2, text.length())))
            : Path.of(text);
    return folder.resolve(path).toAbsolutePath().normalize();
  }

  private static String bound(ConfigKey<?> key, long value) {
    return write(
        key.type(),
        key.type() == ConfigType.DURATION ? (Object) Duration.ofMillis(value) : (Object) value);
  }

  private static long bounded(ConfigKey<?> key, long value, String text) {
    if (value < key.minimum() || value > key.maximum()) {
      String bounds =
          key.maximum() == Long.MAX_VALUE
              ? "must be " + bound(key, key.minimum()) + " or more"
              : "must be from " + bound(key, key.minimum()) + " to " + bound(key, key.maximum());
      throw new IllegalArgumentException(text + " " + bounds);
    }
    return value;
  }
}
