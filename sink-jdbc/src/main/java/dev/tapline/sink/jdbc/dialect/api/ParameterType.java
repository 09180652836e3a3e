package dev.tapline.sink.jdbc.dialect.api;

/// As what a value is handed to the driver.
public enum ParameterType {
  /// A truth value.
  BOOLEAN,
  /// A whole number.
  LONG,
  /// A single-precision number.
  FLOAT,
  /// A double-precision number.
  DOUBLE,
  /// A [java.math.BigDecimal].
  DECIMAL,
  /// A [java.time.LocalDate].
  DATE,
  /// A [java.time.LocalTime].
  TIME,
  /// A [java.time.LocalDateTime].
  TIMESTAMP,
  /// A [java.time.OffsetDateTime] in UTC.
  TIMESTAMP_TZ,
  /// A [java.util.UUID].
  UUID,
  /// Bytes.
  BYTES,
  /// The text that PostgreSQL would show: any value has one.
  TEXT
}
