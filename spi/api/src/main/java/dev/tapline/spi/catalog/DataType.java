package dev.tapline.spi.catalog;

import java.util.List;

/// The type of a field: what a value means, and in which class of column it is kept.
///
/// | type | column | one value |
/// | --- | --- | --- |
/// | `BOOLEAN` | `BooleanColumn` | |
/// | `INT16`, `INT32`, `INT64` | `LongColumn` | the number |
/// | `FLOAT32`, `FLOAT64` | `DoubleColumn` | the number; a `FLOAT32` is widened, exactly |
/// | `DATE` | `LongColumn` | days since 1970-01-01, proleptic Gregorian |
/// | `TIME` | `LongColumn` | microseconds since midnight, up to and with 24:00 |
/// | `TIMESTAMP` | `LongColumn` | microseconds since 2000-01-01T00:00, no time zone |
/// | `TIMESTAMP_TZ` | `LongColumn` | microseconds since 2000-01-01T00:00Z |
/// | `Decimal` that [fits a long][Decimal#fitsLong()] | `LongColumn` | the number times 10^scale |
/// | any other `Decimal` | `BytesColumn` | the number in plain decimal digits, or `NaN`, `Infinity`, `-Infinity`, as ASCII |
/// | `TEXT`, `Enumeration` | `BytesColumn` | UTF-8 |
/// | `JSON` | `BytesColumn` | the document as the source has it, UTF-8 |
/// | `BYTES` | `BytesColumn` | the bytes |
/// | `UUID` | `BytesColumn` | its 16 bytes, most significant first |
/// | `OPAQUE` | `BytesColumn` | the source's own text form, UTF-8 |
/// | `ListOf` | `ListColumn` | a list, with the column of its elements |
///
/// Timestamps count from 2000-01-01 and not from 1970: only so does each from 4713 BC to 294276 AD
/// fit into 64 bits. [Temporals] converts; what lies outside, a source must refuse.
///
/// [Long#MAX_VALUE] and [Long#MIN_VALUE] in a `DATE`, `TIMESTAMP` or `TIMESTAMP_TZ` are positive
/// and negative infinity. In a decimal that fits a long they are positive infinity and NaN, and
/// `-Long.MAX_VALUE` is negative infinity.
public sealed interface DataType {

  /// The types without parameters.
  enum Scalar implements DataType {
    /// True or false.
    BOOLEAN(Storage.BOOLEAN),
    /// A whole number of 16 bits.
    INT16(Storage.LONG),
    /// A whole number of 32 bits.
    INT32(Storage.LONG),
    /// A whole number of 64 bits.
    INT64(Storage.LONG),
    /// An IEEE 754 number of 32 bits.
    FLOAT32(Storage.DOUBLE),
    /// An IEEE 754 number of 64 bits.
    FLOAT64(Storage.DOUBLE),
    /// A day.
    DATE(Storage.LONG),
    /// A time of day.
    TIME(Storage.LONG),
    /// A day and a time, of no time zone.
    TIMESTAMP(Storage.LONG),
    /// An instant.
    TIMESTAMP_TZ(Storage.LONG),
    /// Text.
    TEXT(Storage.BYTES),
    /// A JSON document.
    JSON(Storage.BYTES),
    /// Bytes.
    BYTES(Storage.BYTES),
    /// A universally unique identifier.
    UUID(Storage.BYTES),
    /// Anything else, in the source's own text form: [Field#sourceType()] names what it is.
    OPAQUE(Storage.BYTES);

    private final Storage storage;

    Scalar(Storage storage) {
      this.storage = storage;
    }

    @Override
    public Storage storage() {
      return storage;
    }
  }

  /// A decimal number.
  ///
  /// @param precision the most digits it can have, or 0 when there is no limit
  /// @param scale how many of them stand behind the point (with precision 0: each value has its
  ///   own)
  record Decimal(int precision, int scale) implements DataType {
    /// The number of digits that every long can hold.
    public static final int LONG_DIGITS = 18;

    /// A decimal number of any length.
    public static final Decimal UNLIMITED = new Decimal(0, 0);

    /// NaN, in a column of longs.
    public static final long NAN = Long.MIN_VALUE;

    /// Positive infinity, in a column of longs.
    public static final long INFINITY = Long.MAX_VALUE;

    /// Negative infinity, in a column of longs.
    public static final long NEGATIVE_INFINITY = -Long.MAX_VALUE;

    /// Whether values are kept as a long of the number times 10^scale.
    public boolean fitsLong() {
      return precision > 0 && precision <= LONG_DIGITS && scale >= 0 && scale <= LONG_DIGITS;
    }

    @Override
    public Storage storage() {
      return fitsLong() ? Storage.LONG : Storage.BYTES;
    }
  }

  /// One of a set of words.
  ///
  /// @param labels the words in their order, as of discovery; a value may be one that was added
  ///   later
  record Enumeration(List<String> labels) implements DataType {
    /// Copies the labels.
    public Enumeration {
      labels = List.copyOf(labels);
    }

    @Override
    public Storage storage() {
      return Storage.BYTES;
    }
  }

  /// A list, in one or more dimensions. Sinks that write lists as text separate the elements by
  /// commas; a source whose own text form separates them otherwise brings the list as one `OPAQUE`
  /// value.
  ///
  /// @param element the type of the elements, which is not itself a list
  record ListOf(DataType element) implements DataType {
    @Override
    public Storage storage() {
      return Storage.LIST;
    }
  }

  /// The class of column that keeps values of this type.
  Storage storage();

  /// The classes of columns.
  enum Storage {
    /// `BooleanColumn`.
    BOOLEAN,
    /// `LongColumn`.
    LONG,
    /// `DoubleColumn`.
    DOUBLE,
    /// `BytesColumn`.
    BYTES,
    /// `ListColumn`.
    LIST
  }
}
