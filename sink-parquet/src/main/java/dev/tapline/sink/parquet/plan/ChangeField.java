package dev.tapline.sink.parquet.plan;

/// The fields that files of changes have behind those of the table.
public enum ChangeField {
  /// `r` read, `i` insert, `u` update, `d` delete, `t` truncate.
  OP("_op", Kind.STRING, 0),
  /// Where its transaction was committed.
  LSN("_lsn", Kind.INT64, 0),
  /// Its index within the transaction; LSN and this order all changes.
  SEQ("_seq", Kind.INT64, 0),
  /// When its transaction was committed.
  COMMITTED_AT("_committed_at", Kind.TIMESTAMP_TZ, 0),
  /// The transaction's number.
  XID("_xid", Kind.INT64, 0),
  /// When the row was read.
  EXTRACTED_AT("_extracted_at", Kind.TIMESTAMP_TZ, 0),
  /// The names of columns whose values the log did not carry; NULL when it carried all.
  UNCHANGED("_unchanged", Kind.STRING, 1);

  private final String fieldName;
  private final Kind kind;
  private final int dimensions;

  ChangeField(String fieldName, Kind kind, int dimensions) {
    this.fieldName = fieldName;
    this.kind = kind;
    this.dimensions = dimensions;
  }

  /// The field of a name.
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

  /// Its name in a file.
  public String fieldName() {
    return fieldName;
  }

  /// What its values are.
  public Mapping mapping() {
    return Mapping.of(kind).inLists(dimensions);
  }
}
