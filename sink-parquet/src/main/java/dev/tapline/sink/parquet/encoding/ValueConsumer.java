package dev.tapline.sink.parquet.encoding;

import java.io.IOException;

/// Takes the values of one field, one row after the other. One thread at a time.
public interface ValueConsumer {
  /// NULL: instead of a value, a list or an element of one.
  void absent() throws IOException;

  /// A truth value.
  void bool(boolean value) throws IOException;

  /// A number of 16 or 32 bits, or a day.
  void int32(int value) throws IOException;

  /// A number of 64 bits, or microseconds.
  void int64(long value) throws IOException;

  /// A number of 32 bits.
  void float32(float value) throws IOException;

  /// A number of 64 bits.
  void float64(double value) throws IOException;

  /// Bytes, or text in UTF-8. The array is lent for the call.
  void bytes(byte[] data, int offset, int length) throws IOException;

  /// The 16 bytes of a UUID. The array is lent for the call.
  void uuid(byte[] data, int offset) throws IOException;

  /// A decimal of up to 18 digits, without its point.
  void decimal(long unscaled) throws IOException;

  /// A decimal of up to 38 digits, without its point: 16 bytes, two's complement, most significant
  /// first. The array is lent for the call.
  void decimal(byte[] unscaled) throws IOException;

  /// A list without elements.
  void emptyList() throws IOException;

  /// A list with elements.
  ///
  /// @param lengths the length of each dimension, none of them 0
  void beginList(int[] lengths) throws IOException;

  /// The next value or NULL is this element, counted from 0, the last dimension varying fastest.
  void element(int index) throws IOException;

  /// Ends the list.
  void endList() throws IOException;

  /// The field has its value for this row.
  void endRow() throws IOException;
}
