package dev.tapline.sink.parquet.encode;

import dev.tapline.sink.parquet.plan.ChangeField;
import dev.tapline.sink.parquet.plan.FilePlan;
import dev.tapline.sink.parquet.plan.Mapping;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Storage;
import dev.tapline.spi.catalog.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// The encoders of a file's fields.
public final class FieldEncoders {
  private static final int LONG_DIGITS = 18;

  private FieldEncoders() {}

  /// An encoder for each field of the plan, in its order. They hold no state of a file, but each is
  /// for one thread at a time.
  ///
  /// @param special what is done about values of a column that the format cannot hold
  public static List<FieldEncoder> of(FilePlan plan, Function<Field, SpecialValues> special) {
    List<FieldEncoder> encoders = new ArrayList<>();
    List<Field> columns = plan.schema().fields();
    for (int i = 0; i < columns.size(); i++) {
      Field field = columns.get(i);
      encoders.add(
          new FieldEncoder.OfColumn(
              i, values(field, plan.fields().get(i).mapping(), special.apply(field))));
    }
    if (plan.changes()) {
      for (ChangeField field : ChangeField.values()) {
        encoders.add(new FieldEncoder.OfChange(new ChangeValues(field, plan.schema())));
      }
    }
    return encoders;
  }

  private static ValueEncoder values(Field field, Mapping mapping, SpecialValues special) {
    // box is the one type of PostgreSQL whose arrays have another delimiter.
    char delimiter = field.sourceType().startsWith("box[") ? ';' : ',';
    if (field.type() instanceof DataType.ListOf list && mapping.dimensions() > 0) {
      ValueEncoder element = scalar(list.element(), mapping.element(), special, delimiter);
      return new ListEncoder(mapping.dimensions(), element, special, delimiter);
    }
    return scalar(field.type(), mapping, special, delimiter);
  }

  private static ValueEncoder scalar(
      DataType type, Mapping mapping, SpecialValues special, char delimiter) {
    if (mapping.rendered()) {
      // What is text already needs no other form.
      return type.storage() == Storage.BYTES && type instanceof DataType.Decimal
          ? new BytesEncoders.Plain()
          : new BytesEncoders.Rendered(delimiter);
    }
    return switch (mapping.kind()) {
      case BOOLEAN -> new NumberEncoders.Booleans();
      case INT16, INT32 -> new NumberEncoders.Ints();
      case INT64 -> new NumberEncoders.Longs();
      case FLOAT -> new NumberEncoders.Floats();
      case DOUBLE -> new NumberEncoders.Doubles();
      case DATE -> new LimitedEncoders.Dates(special);
      case TIME -> new LimitedEncoders.Times(special);
      case TIMESTAMP, TIMESTAMP_TZ -> new LimitedEncoders.Timestamps(special);
      case DECIMAL ->
          type.storage() == Storage.LONG
              ? new LimitedEncoders.Decimals(special)
              : new BytesEncoders.Decimals(
                  mapping.scale(), mapping.precision() > LONG_DIGITS, special);
      case STRING, JSON, BYTES -> new BytesEncoders.Plain();
      case UUID -> new BytesEncoders.Uuids();
    };
  }
}
