package dev.tapline.sink.parquet.schema;

import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/// Builds Parquet schemas. Every field is optional: of deletes only the key is known, and all files
/// of a stream should have the same schema.
public final class ParquetSchemas {
  /// The maximum precision of a decimal stored as INT32.
  public static final int INT_DIGITS = 9;

  /// The maximum precision of a decimal stored as INT64.
  public static final int LONG_DIGITS = 18;

  private static final int WIDE = 16;

  private ParquetSchemas() {}

  /// The schema of a file.
  public static MessageType of(FileSchema fileSchema) {
    List<Type> fields = new ArrayList<>();
    for (FileField field : fileSchema.fields()) {
      fields.add(field(field.name(), field.fieldType()).withId(field.id()));
    }
    return new MessageType(fileSchema.destination(), fields);
  }

  private static Type field(String name, FieldType fieldType) {
    if (fieldType.dimensions() == 0) {
      return scalar(name, fieldType);
    }
    return nested(name, fieldType, fieldType.dimensions());
  }

  private static Type nested(String name, FieldType fieldType, int depth) {
    return Types.optionalList()
        .element(
            depth == 1 ? scalar("element", fieldType) : nested("element", fieldType, depth - 1))
        .named(name);
  }

  private static Type scalar(String name, FieldType fieldType) {
    return switch (fieldType.kind()) {
      case BOOLEAN -> plain(name, PrimitiveTypeName.BOOLEAN);
      case INT16 -> logical(name, PrimitiveTypeName.INT32, LogicalTypeAnnotation.intType(16, true));
      case INT32 -> plain(name, PrimitiveTypeName.INT32);
      case INT64 -> plain(name, PrimitiveTypeName.INT64);
      case FLOAT -> plain(name, PrimitiveTypeName.FLOAT);
      case DOUBLE -> plain(name, PrimitiveTypeName.DOUBLE);
      case DATE -> logical(name, PrimitiveTypeName.INT32, LogicalTypeAnnotation.dateType());
      case TIME ->
          logical(
              name,
              PrimitiveTypeName.INT64,
              LogicalTypeAnnotation.timeType(false, TimeUnit.MICROS));
      case TIMESTAMP -> timestamp(name, false);
      case TIMESTAMP_TZ -> timestamp(name, true);
      case DECIMAL -> decimal(name, fieldType);
      case STRING -> logical(name, PrimitiveTypeName.BINARY, LogicalTypeAnnotation.stringType());
      case JSON -> logical(name, PrimitiveTypeName.BINARY, LogicalTypeAnnotation.jsonType());
      case BYTES -> plain(name, PrimitiveTypeName.BINARY);
      case UUID ->
          Types.optional(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY)
              .length(WIDE)
              .as(LogicalTypeAnnotation.uuidType())
              .named(name);
    };
  }

  private static Type timestamp(String name, boolean utc) {
    return logical(
        name, PrimitiveTypeName.INT64, LogicalTypeAnnotation.timestampType(utc, TimeUnit.MICROS));
  }

  private static Type decimal(String name, FieldType fieldType) {
    LogicalTypeAnnotation type =
        LogicalTypeAnnotation.decimalType(fieldType.scale(), fieldType.precision());
    if (fieldType.precision() > LONG_DIGITS) {
      return Types.optional(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY)
          .length(WIDE)
          .as(type)
          .named(name);
    }
    return logical(
        name,
        fieldType.precision() > INT_DIGITS ? PrimitiveTypeName.INT64 : PrimitiveTypeName.INT32,
        type);
  }

  private static Type plain(String name, PrimitiveTypeName type) {
    return Types.optional(type).named(name);
  }

  private static Type logical(
      String name, PrimitiveTypeName type, LogicalTypeAnnotation annotation) {
    return Types.optional(type).as(annotation).named(name);
  }
}
