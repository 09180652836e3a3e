package dev.tapline.sink.parquet.schema;

/// The type of a value in a file. The constants' names are part of the files' schemas.
public enum ValueType {
  /// True or false.
  BOOLEAN,
  /// A 16-bit integer.
  INT16,
  /// A 32-bit integer.
  INT32,
  /// A 64-bit integer.
  INT64,
  /// A 32-bit floating-point number.
  FLOAT,
  /// A 64-bit floating-point number.
  DOUBLE,
  /// Days since 1970-01-01.
  DATE,
  /// Microseconds since midnight.
  TIME,
  /// Microseconds since 1970-01-01T00:00, without a time zone.
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
