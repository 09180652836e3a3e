package dev.tapline.spi.batch;

/// What happened to a row.
public enum Change {
  /// It was there when the table was read.
  READ,
  /// It was added.
  INSERT,
  /// It was changed. Fields whose value the log did not carry are *unchanged*. A changed key comes
  /// as the DELETE of the old key and the INSERT of the new one.
  UPDATE,
  /// It was removed. Only the key's fields are sure to have values; the others may be NULL.
  DELETE,
  /// Every row of the stream was removed. All fields are NULL.
  TRUNCATE;

  private static final Change[] VALUES = values();

  static Change ofCode(byte code) {
    return VALUES[code];
  }

  @SuppressWarnings("EnumOrdinal") // lives in memory only
  byte code() {
    return (byte) ordinal();
  }
}
