package dev.tapline.sink.parquet;

import dev.tapline.sink.parquet.plan.AvroSchemas;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.testkit.CanonicalText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/// Rows of Avro files in the kit's form, as Avro's own library reads them.
final class AvroRows {
  private AvroRows() {}

  static List<Map<String, @Nullable Object>> read(List<Path> files, Schema schema)
      throws IOException {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (Path file : files) {
      try (DataFileReader<GenericRecord> reader =
          new DataFileReader<>(file.toFile(), new GenericDatumReader<>())) {
        for (GenericRecord row : reader) {
          rows.add(row(row, schema));
        }
      }
    }
    return rows;
  }

  private static Map<String, @Nullable Object> row(GenericRecord from, Schema schema) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    for (org.apache.avro.Schema.Field field : from.getSchema().getFields()) {
      String column = AvroSchemas.columnOf(field);
      int index = schema.indexOf(column);
      if (index >= 0) {
        row.put(column, value(from.get(field.pos()), schema.fields().get(index)));
      }
    }
    if (from.getSchema().getField("_unchanged") != null
        && from.get("_unchanged") instanceof List<?> names) {
      names.forEach(name -> row.remove(name.toString()));
    }
    return row;
  }

  private static @Nullable Object value(@Nullable Object value, Field field) {
    return switch (value) {
      case null -> null;
      case ByteBuffer bytes -> {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        yield HexFormat.of().formatHex(copy);
      }
      case CharSequence text -> CanonicalText.of(text.toString(), field.type());
      default -> value.toString();
    };
  }
}
