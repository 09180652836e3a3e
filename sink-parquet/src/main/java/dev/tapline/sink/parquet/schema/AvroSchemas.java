package dev.tapline.sink.parquet.schema;

import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.JsonProperties;
import org.apache.avro.LogicalTypes;
import org.apache.avro.SchemaBuilder;

/// The Avro schema that describes a file of either format: an Avro file's own schema, or an entry
/// in the footer of a Parquet file.
///
/// Fields have these properties: `field-id`, which never changes for a field; `column`, the
/// column's name if Avro does not allow it; `stored-as`, the type in the file; `source-type`, the
/// type's name at the source. The column's comment is the field's `doc`. The record's property
/// `key` names the key's columns.
public final class AvroSchemas {
  /// The footer key at which parquet-avro looks for the schema.
  public static final String FOOTER = "parquet.avro.schema";

  /// The footer key used if names differ from the columns': parquet-avro would not find those.
  public static final String FOOTER_RENAMED = "tapline.avro.schema";

  static final String FIELD_ID = "field-id";
  static final String COLUMN = "column";
  static final String STORED_AS = "stored-as";
  static final String SOURCE_TYPE = "source-type";
  static final String KEY = "key";

  private AvroSchemas() {}

  /// The entries for the footer of a Parquet file.
  public static Map<String, String> footer(FileSchema fileSchema) {
    org.apache.avro.Schema schema = of(fileSchema);
    boolean renamed =
        schema.getFields().stream().anyMatch(field -> field.getObjectProp(COLUMN) != null);
    return Map.of(renamed ? FOOTER_RENAMED : FOOTER, schema.toString());
  }

  /// The schema of a file.
  public static org.apache.avro.Schema of(FileSchema fileSchema) {
    Set<String> taken = new HashSet<>();
    List<org.apache.avro.Schema.Field> fields = new ArrayList<>();
    List<Field> columns = fileSchema.tableSchema().fields();
    for (int i = 0; i < fileSchema.fields().size(); i++) {
      FileField fileField = fileSchema.fields().get(i);
      Field column = i < columns.size() ? columns.get(i) : null;
      String name = name(fileField.name(), taken);
      org.apache.avro.Schema.Field field =
          new org.apache.avro.Schema.Field(
              name,
              SchemaBuilder.unionOf().nullType().and().type(type(fileField.fieldType())).endUnion(),
              column == null || column.comment().isEmpty() ? null : column.comment(),
              JsonProperties.NULL_VALUE);
      field.addProp(FIELD_ID, fileField.id());
      if (!name.equals(fileField.name())) {
        field.addProp(COLUMN, fileField.name());
      }
      field.addProp(STORED_AS, StoredTypeNames.name(fileField.fieldType()));
      if (column != null) {
        field.addProp(SOURCE_TYPE, column.sourceType());
      }
      fields.add(field);
    }
    org.apache.avro.Schema record =
        org.apache.avro.Schema.createRecord(
            name(fileSchema.destination(), new HashSet<>()), null, null, false, fields);
    record.addProp(KEY, fileSchema.tableSchema().key());
    return record;
  }

  /// The fields of a file with this schema. Columns have the types as stored in the file.
  ///
  /// @throws IllegalArgumentException if it is not a schema of this sink
  public static FileSchema fileSchemaOf(org.apache.avro.Schema record) {
    List<FileField> fileFields = new ArrayList<>();
    List<Field> fields = new ArrayList<>();
    for (org.apache.avro.Schema.Field field : record.getFields()) {
      String column = columnOf(field);
      String storedAs = field.getProp(STORED_AS);
      if (storedAs == null) {
        throw new IllegalArgumentException("the field '" + column + "' does not say what it holds");
      }
      FieldType fieldType = StoredTypeNames.parse(storedAs);
      fileFields.add(new FileField(column, fieldType));
      String sourceType = field.getProp(SOURCE_TYPE);
      if (sourceType != null) {
        String comment = field.doc() == null ? "" : field.doc();
        fields.add(new Field(column, StoredTypeNames.type(fieldType), true, sourceType, comment));
      }
    }
    List<String> key = new ArrayList<>();
    if (record.getObjectProp(KEY) instanceof List<?> names) {
      names.forEach(name -> key.add(String.valueOf(name)));
    }
    boolean changes = fileFields.size() > fields.size();
    return new FileSchema(record.getName(), new Schema(fields, key), changes, fileFields);
  }

  /// The schema in the footer of a Parquet file.
  ///
  /// @throws IllegalArgumentException if there is none
  public static org.apache.avro.Schema inFooter(Map<String, String> footer) {
    String schema = footer.getOrDefault(FOOTER, footer.get(FOOTER_RENAMED));
    if (schema == null) {
      throw new IllegalArgumentException("there is no schema in the footer");
    }
    return new org.apache.avro.Schema.Parser().parse(schema);
  }

  /// The column that a field holds.
  public static String columnOf(org.apache.avro.Schema.Field field) {
    String column = field.getProp(COLUMN);
    return column == null ? field.name() : column;
  }

  private static org.apache.avro.Schema type(FieldType fieldType) {
    if (fieldType.dimensions() > 0) {
      org.apache.avro.Schema element = type(fieldType.inLists(fieldType.dimensions() - 1));
      return SchemaBuilder.array()
          .items(SchemaBuilder.unionOf().nullType().and().type(element).endUnion());
    }
    SchemaBuilder.TypeBuilder<org.apache.avro.Schema> builder = SchemaBuilder.builder();
    return switch (fieldType.kind()) {
      case BOOLEAN -> builder.booleanType();
      case INT16, INT32 -> builder.intType();
      case INT64 -> builder.longType();
      case FLOAT -> builder.floatType();
      case DOUBLE -> builder.doubleType();
      case DATE -> LogicalTypes.date().addToSchema(builder.intType());
      case TIME -> LogicalTypes.timeMicros().addToSchema(builder.longType());
      case TIMESTAMP -> LogicalTypes.localTimestampMicros().addToSchema(builder.longType());
      case TIMESTAMP_TZ -> LogicalTypes.timestampMicros().addToSchema(builder.longType());
      case DECIMAL ->
          LogicalTypes.decimal(fieldType.precision(), fieldType.scale())
              .addToSchema(builder.bytesType());
      case STRING, JSON -> builder.stringType();
      case BYTES -> builder.bytesType();
      case UUID -> LogicalTypes.uuid().addToSchema(builder.stringType());
    };
  }

  // Avro's names are ASCII letters, digits and underscores, and do not begin with a digit.
  private static String name(String original, Set<String> taken) {
    String base = original.replaceAll("[^A-Za-z0-9_]", "_");
    if (base.isEmpty() || Character.isDigit(base.charAt(0))) {
      base = "_" + base;
    }
    String name = base;
    for (int i = 2; !taken.add(name); i++) {
      name = base + "_" + i;
    }
    return name;
  }
}
