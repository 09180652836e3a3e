package dev.tapline.sink.parquet.schema;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/// A field of a file.
///
/// @param name its name
/// @param mapping what its values are
public record FileField(String name, TypeMapping mapping) {
  /// A number that stays with the field whatever becomes of the others: drawn from the name, so
  /// that nothing has to remember it.
  public int id() {
    CRC32 sum = new CRC32();
    sum.update(name.getBytes(StandardCharsets.UTF_8));
    return (int) (sum.getValue() & Integer.MAX_VALUE);
  }
}
