package dev.tapline.sink.parquet.reader;

import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.Type;

/// Satisfies parquet-java, which requires converters. Values are taken from column readers instead.
final class NoOpConverter extends GroupConverter {
  private final GroupType type;

  NoOpConverter(GroupType type) {
    this.type = type;
  }

  @Override
  public Converter getConverter(int index) {
    Type field = type.getType(index);
    return field.isPrimitive()
        ? new PrimitiveConverter() {}
        : new NoOpConverter(field.asGroupType());
  }

  @Override
  public void start() {}

  @Override
  public void end() {}
}
