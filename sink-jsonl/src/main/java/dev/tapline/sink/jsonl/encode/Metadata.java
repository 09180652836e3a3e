package dev.tapline.sink.jsonl.encode;

import dev.tapline.spi.catalog.Schema;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// The metadata fields that are written, and their names.
///
/// @param names the name of each field that is written
public record Metadata(Map<MetadataField, String> names) {
  /// No fields.
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

  /// What is wrong when a field of the stream has the name of a metadata field, with the remedy.
  public Optional<String> collision(Schema schema) {
    return names.entrySet().stream()
        .filter(entry -> schema.indexOf(entry.getValue()) >= 0)
        .findFirst()
        .map(entry ->
            "the column '%s' has the name of a metadata field".formatted(entry.getValue())
                + "; rename the latter: metadata-fields: {%s: another_name}"
                    .formatted(entry.getKey().standardName()));
  }
}
