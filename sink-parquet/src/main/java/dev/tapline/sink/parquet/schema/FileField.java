package dev.tapline.sink.parquet.schema;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/// A field of a file.
///
/// @param name its name
/// @param fieldType its type
public record FileField(String name, FieldType fieldType) {
  /// An id that stays the same whatever happens to other fields. It is computed from the name, so
  /// that it need not be stored.
  public int id() {
    CRC32 sum = new CRC32();
    sum.update(name.getBytes(StandardCharsets.UTF_8));
    return (int) (sum.getValue() & Integer.MAX_VALUE);
  }
}
