package dev.tapline.source.postgres.codec;

/// The forms in which values arrive: the binary send formats of PostgreSQL that this source
/// decodes, each named after the function that writes it.
public enum WireFormat {
  /// One byte.
  BOOL,
  /// 16 bits.
  INT2,
  /// 32 bits.
  INT4,
  /// 64 bits.
  INT8,
  /// 32 bits without a sign.
  OID,
  /// IEEE 754, 32 bits.
  FLOAT4,
  /// IEEE 754, 64 bits.
  FLOAT8,
  /// Digits in base 10000.
  NUMERIC,
  /// Days since 2000-01-01.
  DATE,
  /// Microseconds since midnight, or since 2000-01-01.
  MICROS,
  /// A version byte, then text.
  JSONB,
  /// 16 bytes.
  UUID,
  /// The bytes of the value as they are: text and bytea.
  RAW
}
