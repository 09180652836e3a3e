package dev.tapline.sink.jsonl.encoding;

import dev.tapline.spi.batch.Change;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.Schema;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// The metadata fields to write, and their names.
///
/// @param names the names by field
public record Metadata(Map<MetadataField, String> names) {
  /// No metadata fields.
  public static final Metadata NONE = new Metadata(Map.of());

  /// Copies the names.
  public Metadata {
    Map<MetadataField, String> copy = new EnumMap<>(MetadataField.class);
    copy.putAll(names);
    names = Collections.unmodifiableMap(copy);
  }

  /// These fields under their standard names.
  public static Metadata of(Iterable<MetadataField> fields) {
    Map<MetadataField, String> names = new EnumMap<>(MetadataField.class);
    fields.forEach(field -> names.put(field, field.standardName()));
    return new Metadata(names);
  }

  /// The fields that rows of a stream can have.
  ///
  /// @param logless whether none of its rows comes from a log
  public Metadata of(Schema schema, JsonPolicy json, boolean logless) {
    boolean documents = json == JsonPolicy.EMBED && hasDocuments(schema);
    Map<MetadataField, String> possible = new EnumMap<>(MetadataField.class);
    names.forEach((field, name) -> {
      if (field == MetadataField.JSON_NULL ? documents : !(logless && field.isOfLog())) {
        possible.put(field, name);
      }
    });
    return new Metadata(possible);
  }

  /// The problem if a column has the name of a metadata field, with the remedy; else empty.
  public Optional<String> collision(Schema schema) {
    boolean documents = hasDocuments(schema);
    return names.entrySet().stream()
        .filter(entry -> documents || entry.getKey() != MetadataField.JSON_NULL)
        .filter(entry -> schema.indexOf(entry.getValue()) >= 0)
        .findFirst()
        .map(entry ->
            "the column '%s' has the name of a metadata field".formatted(entry.getValue())
                + "; rename the latter: metadata-fields: {%s: another_name}"
                    .formatted(entry.getKey().standardName()));
  }

  private static boolean hasDocuments(Schema schema) {
    return schema.fields().stream().anyMatch(field -> field.type() == DataType.Scalar.JSON);
  }

  /// Whether readers can tell that a row is this change and not a current row.
  boolean tells(Change change) {
    return switch (change) {
      case READ, INSERT, UPDATE -> true;
      case DELETE ->
          names.containsKey(MetadataField.OPERATION)
              || names.containsKey(MetadataField.DELETED_AT)
              || names.containsKey(MetadataField.SDC_DELETED_AT);
      // Without an operation, a TRUNCATE is the row without columns.
      case TRUNCATE -> names.keySet().stream().anyMatch(field -> field != MetadataField.JSON_NULL);
    };
  }
}
