package dev.tapline.it;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/// Avro's own reader.
final class AvroReadBack implements ReadBack {
  @Override
  public List<Row> rows(Path folder) throws Exception {
    List<Row> rows = new ArrayList<>();
    for (Path file : ReadBack.files(folder, ".avro")) {
      try (DataFileReader<GenericRecord> reader =
          new DataFileReader<>(file.toFile(), new GenericDatumReader<>())) {
        Schema schema = reader.getSchema().getField("v").schema();
        for (GenericRecord row : reader) {
          rows.add(new Row((Integer) row.get("id"), literal(row.get("v"), schema)));
        }
      }
    }
    return rows;
  }

  private static @Nullable String literal(@Nullable Object value, Schema schema) {
    if (value == null) {
      return null;
    }
    return switch (schema.getType()) {
      case UNION ->
          literal(
              value,
              schema.getTypes().stream()
                  .filter(type -> type.getType() != Schema.Type.NULL)
                  .findFirst()
                  .orElseThrow());
      case ARRAY -> {
        List<@Nullable String> elements = new ArrayList<>();
        for (Object element : (List<?>) value) {
          elements.add(literal(element, schema.getElementType()));
        }
        yield Literals.array(elements);
      }
      case BYTES -> bytes((ByteBuffer) value, schema.getLogicalType());
      case INT, LONG -> number((Number) value, schema.getLogicalType());
      default -> value.toString();
    };
  }

  private static String bytes(ByteBuffer value, @Nullable LogicalType type) {
    byte[] bytes = new byte[value.remaining()];
    value.duplicate().get(bytes);
    return type instanceof LogicalTypes.Decimal decimal
        ? new BigDecimal(new BigInteger(bytes), decimal.getScale()).toPlainString()
        : Literals.bytes(bytes);
  }

  private static String number(Number value, @Nullable LogicalType type) {
    return switch (type) {
      case LogicalTypes.Date date -> Literals.date(value.longValue());
      case LogicalTypes.TimeMicros time -> Literals.time(value.longValue());
      case LogicalTypes.TimestampMicros time -> Literals.timestamp(value.longValue(), "+00");
      case LogicalTypes.LocalTimestampMicros time -> Literals.timestamp(value.longValue(), "");
      case null, default -> value.toString();
    };
  }
}
