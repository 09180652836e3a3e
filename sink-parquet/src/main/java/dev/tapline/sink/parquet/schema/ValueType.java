package dev.tapline.sink.parquet.schema;

/// What a value is in a file.
public enum ValueType {
  /// True or false.
  BOOLEAN,
  /// A whole number of 16 bits.
  INT16,
  /// A whole number of 32 bits.
  INT32,
  /// A whole number of 64 bits.
  INT64,
  /// An IEEE 754 number of 32 bits.
  FLOAT,
  /// An IEEE 754 number of 64 bits.
  DOUBLE,
  /// Days since 1970-01-01.
  DATE,
  /// Microseconds since midnight.
  TIME,
  /// Microseconds since 1970-01-01T00:00, of no time zone.
  TIMESTAMP,
  /// Microseconds since 1970-01-01T00:00Z.
  TIMESTAMP_TZ,
  /// A decimal number of fixed precision and scale.
  DECIMAL,
  /// Text.
  STRING,
  /// A JSON document.
  JSON,
  /// Bytes.
  BYTES,
  /// A universally unique identifier.
  UUID
}
