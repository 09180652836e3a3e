package dev.tapline.source.postgres.codec;

import dev.tapline.spi.batch.Column;
import java.io.IOException;

/// Appends the values of one field to its column. NULL is handled by the caller. For use by one
/// thread at a time.
public abstract class FieldDecoder {
  private final Column column;

  /// @param column where the values go
  protected FieldDecoder(Column column) {
    this.column = column;
  }

  /// Where the values go.
  public final Column column() {
    return column;
  }

  /// Appends the value that stands in `message` from `offset` on.
  ///
  /// @throws IOException if its bytes are not a value of the field's type
  public abstract void decode(byte[] message, int offset, int length) throws IOException;

  /// Requires the length that the type has.
  ///
  /// @throws IOException if it is another one
  protected static void requireLength(int expected, int length) throws IOException {
    if (length != expected) {
      throw malformed(expected + " bytes expected, " + length + " came");
    }
  }

  /// The failure for bytes that are not a value of the type.
  public static IOException malformed(String what) {
    return new IOException("a value is not in the form of its column's type: " + what);
  }
}
