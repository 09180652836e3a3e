package dev.tapline.sink.parquet.schema;

import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The fields of a file: the table's in their order, and in files of changes the [change
/// fields][ChangeField] after them.
///
/// @param destination the name of the stream at the destination
/// @param tableSchema the table's fields
/// @param changes whether the file has changes from a log
/// @param fields the fields of the file
public record FileSchema(
    String destination, Schema tableSchema, boolean changes, List<FileField> fields) {

  /// Copies the list.
  public FileSchema {
    fields = List.copyOf(fields);
  }

  /// The fields of a file that a stream is written to.
  ///
  /// @throws UnsupportedTypeException if the policy rejects one of the types
  public static FileSchema of(
      String destination, Schema schema, boolean changes, TypePolicy policy) {
    List<FileField> fields = new ArrayList<>();
    for (Field field : schema.fields()) {
      fields.add(new FileField(field.name(), policy.fieldType(destination, field)));
    }
    if (changes) {
      for (ChangeField field : ChangeField.values()) {
        fields.add(new FileField(field.fieldName(), field.fieldType()));
      }
    }
    return new FileSchema(destination, schema, changes, fields);
  }

  /// Why rows of a schema cannot be written, or empty.
  public static Optional<String> problem(String destination, Schema schema, TypePolicy policy) {
    if (schema.size() == 0) {
      return Optional.of("it has no columns, and a file of this format needs one");
    }
    for (ChangeField field : ChangeField.values()) {
      if (schema.indexOf(field.fieldName()) >= 0) {
        return Optional.of(
            "the column '%s' has the name of a field that files of changes add; leave it out with 'columns', or rename it in a view"
                .formatted(field.fieldName()));
      }
    }
    try {
      FileSchema fileSchema = of(destination, schema, true, policy);
      long distinct = fileSchema.fields().stream().mapToInt(FileField::id).distinct().count();
      return distinct == fileSchema.fields().size()
          ? Optional.empty()
          : Optional.of("two of its columns would have the same field id; leave one of them out");
    } catch (UnsupportedTypeException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /// The schema of files that hold the table's rows, and not changes.
  public FileSchema withoutChanges() {
    return new FileSchema(destination, tableSchema, false, fields.subList(0, tableSchema.size()));
  }

  /// This schema without change fields, followed by the columns that only `other` has.
  public FileSchema withColumnsOf(FileSchema other) {
    List<Field> columns = new ArrayList<>(tableSchema.fields());
    List<FileField> allFields = new ArrayList<>(fields);
    for (int i = 0; i < other.tableSchema().size(); i++) {
      Field column = other.tableSchema().fields().get(i);
      if (tableSchema.indexOf(column.name()) < 0) {
        columns.add(column);
        allFields.add(other.fields().get(i));
      }
    }
    return new FileSchema(destination, new Schema(columns, tableSchema.key()), false, allFields);
  }
}
