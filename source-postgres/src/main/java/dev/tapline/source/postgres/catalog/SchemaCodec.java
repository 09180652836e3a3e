package dev.tapline.source.postgres.catalog;

import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Schema;
import java.util.ArrayList;
import java.util.List;

/// Writes a schema as one text, so that a split can carry it to another process, and reads it back
/// unchanged. Every part is preceded by its length (`5:email`), so that names may contain anything.
public final class SchemaCodec {
  private static final String DECIMAL = "decimal";
  private static final String ENUMERATION = "enumeration";
  private static final String LIST = "list";

  private final String text;
  private int position;

  private SchemaCodec(String text) {
    this.text = text;
  }

  /// The schema as text.
  public static String write(Schema schema) {
    StringBuilder text = new StringBuilder();
    write(text, schema.size());
    for (Field field : schema.fields()) {
      write(text, field.name());
      write(text, field.type());
      write(text, String.valueOf(field.nullable()));
      write(text, field.sourceType());
      write(text, field.comment());
    }
    writeAll(text, schema.key());
    return text.toString();
  }

  private static void write(StringBuilder text, DataType type) {
    switch (type) {
      case DataType.Scalar scalar -> write(text, scalar.name());
      case DataType.Decimal decimal -> {
        write(text, DECIMAL);
        write(text, decimal.precision());
        write(text, decimal.scale());
      }
      case DataType.Enumeration enumeration -> {
        write(text, ENUMERATION);
        writeAll(text, enumeration.labels());
      }
      case DataType.ListOf list -> {
        write(text, LIST);
        write(text, list.element());
      }
    }
  }

  private static void writeAll(StringBuilder text, List<String> parts) {
    write(text, parts.size());
    parts.forEach(part -> write(text, part));
  }

  private static void write(StringBuilder text, int number) {
    write(text, String.valueOf(number));
  }

  private static void write(StringBuilder text, String part) {
    text.append(part.length()).append(':').append(part);
  }

  /// @throws IllegalArgumentException if the text is not one that [#write(Schema)] has made
  public static Schema read(String text) {
    SchemaCodec reader = new SchemaCodec(text);
    int size = reader.number();
    List<Field> fields = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      fields.add(
          new Field(
              reader.part(),
              reader.type(),
              Boolean.parseBoolean(reader.part()),
              reader.part(),
              reader.part()));
    }
    return new Schema(fields, reader.parts());
  }

  private DataType type() {
    String word = part();
    return switch (word) {
      case DECIMAL -> new DataType.Decimal(number(), number());
      case ENUMERATION -> new DataType.Enumeration(parts());
      case LIST -> new DataType.ListOf(type());
      default -> DataType.Scalar.valueOf(word);
    };
  }

  private List<String> parts() {
    int size = number();
    List<String> parts = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      parts.add(part());
    }
    return parts;
  }

  private int number() {
    return Integer.parseInt(part());
  }

  private String part() {
    int colon = text.indexOf(':', position);
    if (colon < 0) {
      throw new IllegalArgumentException("a schema's text ends early");
    }
    int end = colon + 1 + Integer.parseInt(text.substring(position, colon));
    String part = text.substring(colon + 1, end);
    position = end;
    return part;
  }
}
