package dev.tapline.sink.parquet.schema;

/// The fields that files of changes have after those of the table.
public enum ChangeField {
  /// `r` read, `i` insert, `u` update, `d` delete, `t` truncate.
  OP("_op", ValueType.STRING, 0),
  /// The commit position of the transaction.
  LSN("_lsn", ValueType.INT64, 0),
  /// The index within the transaction; LSN and this order all changes.
  SEQ("_seq", ValueType.INT64, 0),
  /// The commit time of the transaction.
  COMMITTED_AT("_committed_at", ValueType.TIMESTAMP_TZ, 0),
  /// The transaction's id.
  XID("_xid", ValueType.INT64, 0),
  /// When the row was read.
  EXTRACTED_AT("_extracted_at", ValueType.TIMESTAMP_TZ, 0),
  /// The names of columns whose values are not in the log; NULL if all are.
  UNCHANGED("_unchanged", ValueType.STRING, 1);

  private final String fieldName;
  private final ValueType kind;
  private final int dimensions;

  ChangeField(String fieldName, ValueType kind, int dimensions) {
    this.fieldName = fieldName;
    this.kind = kind;
    this.dimensions = dimensions;
  }

  /// Finds a field by name.
  ///
  /// @throws IllegalArgumentException if there is none
  public static ChangeField named(String name) {
    for (ChangeField field : values()) {
      if (field.fieldName.equals(name)) {
        return field;
      }
    }
    throw new IllegalArgumentException("no change field '" + name + "'");
  }

  /// The name in a file.
  public String fieldName() {
    return fieldName;
  }

  /// The type in a file.
  public FieldType fieldType() {
    return FieldType.of(kind).inLists(dimensions);
  }
}
