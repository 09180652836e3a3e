package dev.tapline.sink.parquet.schema;

import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Scalar;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Names of types in the schema of a file: `int32`, `decimal(12,2)`, `list(1) of string`; and the
/// types of a batch's columns when the file is read.
final class StoredTypeNames {
  private static final Pattern DECIMAL = Pattern.compile("decimal\\((\\d+),(\\d+)\\)");
  private static final Pattern LIST = Pattern.compile("list\\((\\d)\\) of (.*)");

  private StoredTypeNames() {}

  static String name(FieldType fieldType) {
    if (fieldType.dimensions() > 0) {
      return "list(%d) of %s".formatted(fieldType.dimensions(), name(fieldType.element()));
    }
    return fieldType.kind() == ValueType.DECIMAL
        ? "decimal(%d,%d)".formatted(fieldType.precision(), fieldType.scale())
        : fieldType.kind().name().toLowerCase(Locale.ROOT);
  }

  /// @throws IllegalArgumentException if there is no such type
  static FieldType parse(String name) {
    Matcher list = LIST.matcher(name);
    if (list.matches()) {
      return parse(list.group(2)).inLists(Integer.parseInt(list.group(1)));
    }
    Matcher decimal = DECIMAL.matcher(name);
    return decimal.matches()
        ? FieldType.decimal(Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2)))
        : FieldType.of(ValueType.valueOf(name.toUpperCase(Locale.ROOT)));
  }

  /// The type of the column that such values are read into.
  static DataType type(FieldType fieldType) {
    if (fieldType.dimensions() > 0) {
      return new DataType.ListOf(type(fieldType.element()));
    }
    return switch (fieldType.kind()) {
      case BOOLEAN -> Scalar.BOOLEAN;
      case INT16 -> Scalar.INT16;
      case INT32 -> Scalar.INT32;
      case INT64 -> Scalar.INT64;
      case FLOAT -> Scalar.FLOAT32;
      case DOUBLE -> Scalar.FLOAT64;
      case DATE -> Scalar.DATE;
      case TIME -> Scalar.TIME;
      case TIMESTAMP -> Scalar.TIMESTAMP;
      case TIMESTAMP_TZ -> Scalar.TIMESTAMP_TZ;
      case DECIMAL -> new DataType.Decimal(fieldType.precision(), fieldType.scale());
      case STRING -> Scalar.TEXT;
      case JSON -> Scalar.JSON;
      case BYTES -> Scalar.BYTES;
      case UUID -> Scalar.UUID;
    };
  }
}
