package dev.tapline.sink.jdbc.dialect.api;

/// The Java type in which a value is passed to the driver.
public enum ParameterType {
  /// A boolean.
  BOOLEAN,
  /// A long.
  LONG,
  /// A float.
  FLOAT,
  /// A double.
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
  /// The text that PostgreSQL would print, which every value has.
  TEXT
}
