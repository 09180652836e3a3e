package dev.tapline.sink.parquet.plan;

import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The fields of a file: the table's, in their order, and for changes the [change
/// fields][ChangeField] behind them.
///
/// @param destination what the sink calls the stream
/// @param schema the table's fields
/// @param changes whether the rows came out of a log
/// @param fields the fields of the file
public record FilePlan(
    String destination, Schema schema, boolean changes, List<PlannedField> fields) {

  /// Copies the list.
  public FilePlan {
    fields = List.copyOf(fields);
  }

  /// @throws UnmappedException if the policy is to fail for one of the types
  public static FilePlan of(String destination, Schema schema, boolean changes, TypePolicy policy) {
    List<PlannedField> fields = new ArrayList<>();
    for (Field field : schema.fields()) {
      fields.add(new PlannedField(field.name(), policy.mapping(destination, field)));
    }
    if (changes) {
      for (ChangeField field : ChangeField.values()) {
        fields.add(new PlannedField(field.fieldName(), field.mapping()));
      }
    }
    return new FilePlan(destination, schema, changes, fields);
  }

  /// Why rows of a schema cannot be written.
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
      FilePlan plan = of(destination, schema, true, policy);
      long distinct = plan.fields().stream().mapToInt(PlannedField::id).distinct().count();
      return distinct == plan.fields().size()
          ? Optional.empty()
          : Optional.of("two of its columns would have the same field id; leave one of them out");
    } catch (UnmappedException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /// The plan of files that hold the table's rows as they are, and not changes.
  public FilePlan withoutChanges() {
    return new FilePlan(destination, schema, false, fields.subList(0, schema.size()));
  }

  /// This plan of files without changes, with the columns behind its own that `other` has beyond.
  public FilePlan withColumnsOf(FilePlan other) {
    List<Field> columns = new ArrayList<>(schema.fields());
    List<PlannedField> planned = new ArrayList<>(fields);
    for (int i = 0; i < other.schema().size(); i++) {
      Field column = other.schema().fields().get(i);
      if (schema.indexOf(column.name()) < 0) {
        columns.add(column);
        planned.add(other.fields().get(i));
      }
    }
    return new FilePlan(destination, new Schema(columns, schema.key()), false, planned);
  }
}
