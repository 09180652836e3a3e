package dev.tapline.sink.parquet.encoding;

import dev.tapline.sink.parquet.schema.ChangeField;
import dev.tapline.sink.parquet.schema.FieldType;
import dev.tapline.sink.parquet.schema.FileSchema;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Storage;
import dev.tapline.spi.catalog.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Creates the encoders of a file's fields.
public final class FieldEncoders {
  private static final int LONG_DIGITS = 18;

  private FieldEncoders() {}

  /// An encoder for each field, in order. Encoders can be used for several files, but each by one
  /// thread at a time.
  ///
  /// @param special handles values of a column that the format cannot store
  public static List<FieldEncoder> of(
      FileSchema fileSchema, Function<Field, SpecialValueHandler> special) {
    List<FieldEncoder> encoders = new ArrayList<>();
    List<Field> columns = fileSchema.tableSchema().fields();
    for (int i = 0; i < columns.size(); i++) {
      Field field = columns.get(i);
      encoders.add(
          new FieldEncoder.OfColumn(
              i, values(field, fileSchema.fields().get(i).fieldType(), special.apply(field))));
    }
    if (fileSchema.changes()) {
      for (ChangeField field : ChangeField.values()) {
        encoders.add(
            new FieldEncoder.OfChange(new ChangeFieldEncoder(field, fileSchema.tableSchema())));
      }
    }
    return encoders;
  }

  private static ValueEncoder values(
      Field field, FieldType fieldType, SpecialValueHandler special) {
    if (field.type() instanceof DataType.ListOf list && fieldType.dimensions() > 0) {
      ValueEncoder element = scalar(list.element(), fieldType.element(), special);
      return new ListEncoder(fieldType.dimensions(), element, special);
    }
    return scalar(field.type(), fieldType, special);
  }

  private static ValueEncoder scalar(
      DataType type, FieldType fieldType, SpecialValueHandler special) {
    if (fieldType.asText()) {
      // Such decimals are text already.
      return type.storage() == Storage.BYTES && type instanceof DataType.Decimal
          ? new BinaryEncoders.Plain()
          : new BinaryEncoders.Rendered();
    }
    return switch (fieldType.kind()) {
      case BOOLEAN -> new NumericEncoders.Booleans();
      case INT16, INT32 -> new NumericEncoders.Ints();
      case INT64 -> new NumericEncoders.Longs();
      case FLOAT -> new NumericEncoders.Floats();
      case DOUBLE -> new NumericEncoders.Doubles();
      case DATE -> new RangeCheckedEncoders.Dates(special);
      case TIME -> new RangeCheckedEncoders.Times(special);
      case TIMESTAMP, TIMESTAMP_TZ -> new RangeCheckedEncoders.Timestamps(special);
      case DECIMAL ->
          type.storage() == Storage.LONG
              ? new DecimalEncoders.OfLongs(special)
              : new DecimalEncoders.OfTexts(
                  fieldType.scale(), fieldType.precision() > LONG_DIGITS, special);
      case STRING, JSON, BYTES -> new BinaryEncoders.Plain();
      case UUID -> new BinaryEncoders.Uuids();
    };
  }
}
