package dev.tapline.sink.parquet.plan;

import dev.tapline.spi.catalog.DataType;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Types as words that stand in files: `int32`, `decimal(12,2)`, `enumeration`, `list of text`.
final class TypeNames {
  private static final Pattern DECIMAL = Pattern.compile("decimal\\((\\d+),(-?\\d+)\\)");
  private static final String ENUMERATION = "enumeration";
  private static final String LIST = "list of ";

  private TypeNames() {}

  static String of(DataType type) {
    return switch (type) {
      case DataType.Scalar scalar -> scalar.name().toLowerCase(Locale.ROOT);
      case DataType.Decimal(int precision, int scale) -> "decimal(" + precision + "," + scale + ")";
      case DataType.Enumeration words -> ENUMERATION;
      case DataType.ListOf(DataType element) -> LIST + of(element);
    };
  }

  /// @throws IllegalArgumentException if it is no type
  static DataType parse(String name) {
    if (name.startsWith(LIST)) {
      return new DataType.ListOf(parse(name.substring(LIST.length())));
    }
    if (name.equals(ENUMERATION)) {
      return new DataType.Enumeration(List.of());
    }
    Matcher decimal = DECIMAL.matcher(name);
    return decimal.matches()
        ? new DataType.Decimal(
            Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2)))
        : DataType.Scalar.valueOf(name.toUpperCase(Locale.ROOT));
  }
}
