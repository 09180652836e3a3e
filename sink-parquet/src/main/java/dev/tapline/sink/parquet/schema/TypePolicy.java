package dev.tapline.sink.parquet.schema;

import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.Field;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// The choices in mapping types.
///
/// @param special for values that the format cannot store
/// @param wideDecimals for decimals that are too wide
/// @param arrays for arrays
/// @param textColumns patterns of `destination.column` for columns stored as text
/// @param dimensions patterns of `destination.column` for arrays of more than one dimension
public record TypePolicy(
    SpecialValuePolicy special,
    WideDecimalPolicy wideDecimals,
    ArrayPolicy arrays,
    List<String> textColumns,
    Map<String, Integer> dimensions) {

  /// The default policy.
  public static final TypePolicy DEFAULT =
      new TypePolicy(
          SpecialValuePolicy.FAIL, WideDecimalPolicy.TEXT, ArrayPolicy.LIST, List.of(), Map.of());

  /// Copies the collections.
  public TypePolicy {
    textColumns = List.copyOf(textColumns);
    dimensions = new LinkedHashMap<>(dimensions);
  }

  /// The type of a field in a file.
  ///
  /// @throws UnsupportedTypeException if the policy rejects its type
  FieldType fieldType(String destination, Field field) {
    String column = destination + "." + field.name();
    if (textColumns.stream().anyMatch(pattern -> matches(pattern, column))) {
      return isText(field.type()) ? scalar(field.type(), column) : FieldType.text();
    }
    if (field.type() instanceof DataType.ListOf list) {
      return arrays == ArrayPolicy.TEXT
          ? FieldType.text()
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

  private FieldType scalar(DataType type, String column) {
    return switch (type) {
      case DataType.Decimal decimal -> decimal(decimal, column);
      case DataType.Enumeration words -> FieldType.of(ValueType.STRING);
      case DataType.ListOf list -> throw new IllegalStateException("a list in a list: " + column);
      case DataType.Scalar scalar -> scalar(scalar);
    };
  }

  private FieldType decimal(DataType.Decimal decimal, String column) {
    if (special == SpecialValuePolicy.TEXT) {
      return FieldType.text();
    }
    int scale = Math.max(0, decimal.scale());
    int precision = Math.max(decimal.precision() + scale - decimal.scale(), scale);
    if (decimal.precision() > 0 && precision <= FieldType.MAX_PRECISION) {
      return FieldType.decimal(precision, scale);
    }
    if (wideDecimals == WideDecimalPolicy.FAIL) {
      String digits =
          decimal.precision() == 0 ? "no declared precision" : "up to " + precision + " digits";
      throw new UnsupportedTypeException(
          ("column '%s': it is a numeric of %s, and a decimal holds %d; set sink.wide-decimals to text,"
                  + " or leave the column out")
              .formatted(column, digits, FieldType.MAX_PRECISION));
    }
    return FieldType.text();
  }

  private FieldType scalar(DataType.Scalar scalar) {
    return switch (scalar) {
      case BOOLEAN -> FieldType.of(ValueType.BOOLEAN);
      case INT16 -> FieldType.of(ValueType.INT16);
      case INT32 -> FieldType.of(ValueType.INT32);
      case INT64 -> FieldType.of(ValueType.INT64);
      case FLOAT32 -> FieldType.of(ValueType.FLOAT);
      case FLOAT64 -> FieldType.of(ValueType.DOUBLE);
      case DATE -> limited(ValueType.DATE);
      case TIME -> limited(ValueType.TIME);
      case TIMESTAMP -> limited(ValueType.TIMESTAMP);
      case TIMESTAMP_TZ -> limited(ValueType.TIMESTAMP_TZ);
      case TEXT, OPAQUE -> FieldType.of(ValueType.STRING);
      case JSON -> FieldType.of(ValueType.JSON);
      case BYTES -> FieldType.of(ValueType.BYTES);
      case UUID -> FieldType.of(ValueType.UUID);
    };
  }

  private FieldType limited(ValueType kind) {
    return special == SpecialValuePolicy.TEXT ? FieldType.text() : FieldType.of(kind);
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
