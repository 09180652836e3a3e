package dev.tapline.sink.jsonl.encoding;

import dev.tapline.spi.batch.Column;
import java.io.IOException;

/// Encodes the values of one column. It is bound to the column of each batch, and only called for
/// values that are neither NULL nor unchanged.
abstract class ValueEncoder {
  /// Sets the column of the following values.
  abstract void bind(Column column);

  /// Writes a value.
  abstract void write(JsonBuffer out, int row) throws IOException;

  /// Whether the value is the JSON document `null`.
  boolean isNullDocument(int row) {
    return false;
  }
}
