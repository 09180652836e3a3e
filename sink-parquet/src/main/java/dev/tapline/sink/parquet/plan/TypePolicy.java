package dev.tapline.sink.parquet.plan;

import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.Field;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// How types are mapped where there is a choice.
///
/// @param special values that the format cannot hold
/// @param wideDecimals decimals that are too wide
/// @param arrays arrays
/// @param textColumns patterns of `destination.column` for columns that are text
/// @param dimensions patterns of `destination.column` for arrays of more than one dimension
public record TypePolicy(
    Special special,
    WideDecimals wideDecimals,
    Arrays arrays,
    List<String> textColumns,
    Map<String, Integer> dimensions) {

  /// The policy unless told otherwise.
  public static final TypePolicy DEFAULT =
      new TypePolicy(Special.FAIL, WideDecimals.TEXT, Arrays.LIST, List.of(), Map.of());

  /// Copies the collections.
  public TypePolicy {
    textColumns = List.copyOf(textColumns);
    dimensions = new LinkedHashMap<>(dimensions);
  }

  /// What the values of a field become.
  ///
  /// @throws UnmappedException if the policy is to fail for its type
  Mapping mapping(String destination, Field field) {
    String column = destination + "." + field.name();
    if (textColumns.stream().anyMatch(pattern -> matches(pattern, column))) {
      return isText(field.type()) ? scalar(field.type(), column) : Mapping.text();
    }
    if (field.type() instanceof DataType.ListOf list) {
      return arrays == Arrays.TEXT
          ? Mapping.text()
          : scalar(list.element(), column).inLists(depth(column));
    }
    return scalar(field.type(), column);
  }

  private int depth(String column) {
    Optional<Integer> found =
        dimensions.entrySet().stream()
            .filter(entry -> matches(entry.getKey(), column))
            .map(Map.Entry::getValue)
            .findFirst();
    return found.orElse(1);
  }

  private Mapping scalar(DataType type, String column) {
    return switch (type) {
      case DataType.Decimal decimal -> decimal(decimal, column);
      case DataType.Enumeration words -> Mapping.of(Kind.STRING);
      case DataType.ListOf list -> throw new IllegalStateException("a list in a list: " + column);
      case DataType.Scalar scalar -> scalar(scalar);
    };
  }

  private Mapping decimal(DataType.Decimal decimal, String column) {
    if (special == Special.TEXT) {
      return Mapping.text();
    }
    int scale = Math.max(0, decimal.scale());
    int precision = Math.max(decimal.precision() + scale - decimal.scale(), scale);
    if (decimal.precision() > 0 && precision <= Mapping.WIDEST) {
      return Mapping.decimal(precision, scale);
    }
    if (wideDecimals == WideDecimals.FAIL) {
      String digits =
          decimal.precision() == 0 ? "no declared precision" : "up to " + precision + " digits";
      throw new UnmappedException(
          ("column '%s': it is a numeric of %s, and a decimal holds %d; set sink.wide-decimals to text,"
                  + " or leave the column out")
              .formatted(column, digits, Mapping.WIDEST));
    }
    return Mapping.text();
  }

  private Mapping scalar(DataType.Scalar scalar) {
    return switch (scalar) {
      case BOOLEAN -> Mapping.of(Kind.BOOLEAN);
      case INT16 -> Mapping.of(Kind.INT16);
      case INT32 -> Mapping.of(Kind.INT32);
      case INT64 -> Mapping.of(Kind.INT64);
      case FLOAT32 -> Mapping.of(Kind.FLOAT);
      case FLOAT64 -> Mapping.of(Kind.DOUBLE);
      case DATE -> limited(Kind.DATE);
      case TIME -> limited(Kind.TIME);
      case TIMESTAMP -> limited(Kind.TIMESTAMP);
      case TIMESTAMP_TZ -> limited(Kind.TIMESTAMP_TZ);
      case TEXT, OPAQUE -> Mapping.of(Kind.STRING);
      case JSON -> Mapping.of(Kind.JSON);
      case BYTES -> Mapping.of(Kind.BYTES);
      case UUID -> Mapping.of(Kind.UUID);
    };
  }

  private Mapping limited(Kind kind) {
    return special == Special.TEXT ? Mapping.text() : Mapping.of(kind);
  }

  private static boolean isText(DataType type) {
    return type == DataType.Scalar.TEXT
        || type == DataType.Scalar.OPAQUE
        || type instanceof DataType.Enumeration;
  }

  private static boolean matches(String pattern, String column) {
    String regex = Pattern.quote(pattern).replace("*", "\\E.*\\Q");
    return column.matches("(?s)" + regex);
  }
}
