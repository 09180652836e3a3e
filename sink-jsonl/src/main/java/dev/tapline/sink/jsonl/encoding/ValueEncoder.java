package dev.tapline.sink.jsonl.encoding;

import dev.tapline.spi.batch.Column;
import java.io.IOException;

/// Writes the values of one column. It is bound to the column of each batch anew, and asked only
/// for values that are neither NULL nor unchanged.
abstract class ValueEncoder {
  /// Tells which column the values to come are in.
  abstract void bind(Column column);

  /// Writes a value.
  abstract void write(JsonBuffer out, int row) throws IOException;

  /// Whether the value is a document that JSON has no other word for than `null`.
  boolean isNullDocument(int row) {
    return false;
  }
}
