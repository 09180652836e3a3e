package dev.tapline.sink.jdbc.table;

import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.DataType.Scalar;

/// What a metadata column holds.
public enum MetadataField {
  /// A generated key, for streams without one.
  ROW_KEY(Scalar.UUID, "_row_key", "__sdc_primary_key"),
  /// What happened to the row.
  OPERATION(Scalar.TEXT, "_op", ""),
  /// The LSN of its commit.
  COMMIT_POSITION(Scalar.INT64, "_lsn", ""),
  /// Its index in the transaction.
  INDEX(Scalar.INT64, "_seq", ""),
  /// When its transaction was committed.
  COMMITTED_AT(Scalar.TIMESTAMP_TZ, "_committed_at", ""),
  /// The number of its transaction.
  TRANSACTION(Scalar.INT64, "_xid", ""),
  /// When it was read.
  EXTRACTED_AT(Scalar.TIMESTAMP_TZ, "_extracted_at", "_sdc_extracted_at"),
  /// When the sink received it.
  RECEIVED_AT(Scalar.TIMESTAMP_TZ, "", "_sdc_received_at"),
  /// When it was staged.
  BATCHED_AT(Scalar.TIMESTAMP_TZ, "", "_sdc_batched_at"),
  /// A number that grows from row to row.
  SEQUENCE(Scalar.INT64, "", "_sdc_sequence"),
  /// The number of the table's version.
  TABLE_VERSION(Scalar.INT64, "", "_sdc_table_version"),
  /// When it was deleted.
  DELETED_AT(Scalar.TIMESTAMP_TZ, "_deleted_at", "_sdc_deleted_at"),
  /// The names of columns whose values were not in the log.
  UNCHANGED(Scalar.TEXT, "_unchanged", "_sdc_unchanged");

  private final Scalar type;
  private final String taplineName;
  private final String stitchName;

  MetadataField(Scalar type, String taplineName, String stitchName) {
    this.type = type;
    this.taplineName = taplineName;
    this.stitchName = stitchName;
  }

  /// The type of its values.
  public DataType type() {
    return type;
  }

  /// Its name; empty if the preset has no such column.
  String name(MetadataPreset preset) {
    return preset == MetadataPreset.STITCH ? stitchName : taplineName;
  }
}
