package dev.tapline.sink.parquet.encoding;

import java.io.IOException;

/// Consumes the values of one field, row by row. Not thread-safe.
public interface ValueConsumer {
  /// NULL, in place of a value, a list or a list's element.
  void absent() throws IOException;

  /// A boolean.
  void bool(boolean value) throws IOException;

  /// A 16-bit or 32-bit integer, or a day.
  void int32(int value) throws IOException;

  /// A 64-bit integer, or microseconds.
  void int64(long value) throws IOException;

  /// A 32-bit floating-point number.
  void float32(float value) throws IOException;

  /// A 64-bit floating-point number.
  void float64(double value) throws IOException;

  /// Bytes, or text in UTF-8. The array is valid only during the call.
  void bytes(byte[] data, int offset, int length) throws IOException;

  /// The 16 bytes of a UUID. The array is valid only during the call.
  void uuid(byte[] data, int offset) throws IOException;

  /// The unscaled value of a decimal of up to 18 digits.
  void decimal(long unscaled) throws IOException;

  /// The unscaled value of a decimal of up to 38 digits: 16 bytes, two's complement, big-endian.
  /// The array is valid only during the call.
  void decimal(byte[] unscaled) throws IOException;

  /// An empty list.
  void emptyList() throws IOException;

  /// Begins a list with elements.
  ///
  /// @param lengths the length of each dimension, none of them 0
  void beginList(int[] lengths) throws IOException;

  /// Announces the element that the next value or NULL is.
  void element(int index) throws IOException;

  /// Ends the list.
  void endList() throws IOException;

  /// Ends the field's value of this row.
  void endRow() throws IOException;
}
