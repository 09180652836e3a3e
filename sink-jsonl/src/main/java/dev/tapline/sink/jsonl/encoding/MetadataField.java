package dev.tapline.sink.jsonl.encoding;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The metadata fields that can be added to a row, with their standard names.
public enum MetadataField {
  /// The stream's destination, for output with rows of several streams.
  STREAM("_stream"),
  /// What happened: `r`ead, `i`nsert, `u`pdate, `d`elete, `t`runcate.
  OPERATION("_op"),
  /// The commit position of the transaction in the log, as PostgreSQL writes it.
  LSN("_lsn"),
  /// The index of the change within its transaction.
  SEQUENCE("_seq"),
  /// When the row was read from the source.
  EXTRACTED_AT("_extracted_at"),
  /// When the change was committed.
  COMMITTED_AT("_committed_at"),
  /// The id of the transaction.
  TRANSACTION("_xid"),
  /// When the row was deleted; only in deletes.
  DELETED_AT("_deleted_at"),
  /// The names of columns whose `null` is a JSON document instead of NULL; only in such rows.
  JSON_NULL("_json_null"),
  /// [#EXTRACTED_AT] under Stitch's name.
  SDC_EXTRACTED_AT("_sdc_extracted_at"),
  /// When the sink received the row.
  SDC_RECEIVED_AT("_sdc_received_at"),
  /// The same as [#SDC_RECEIVED_AT]: rows are received in batches.
  SDC_BATCHED_AT("_sdc_batched_at"),
  /// A number that grows from row to row.
  SDC_SEQUENCE("_sdc_sequence"),
  /// The stream's version.
  SDC_TABLE_VERSION("_sdc_table_version"),
  /// [#DELETED_AT] under Stitch's name.
  SDC_DELETED_AT("_sdc_deleted_at");

  /// The fields of `metadata: tapline`.
  public static final List<MetadataField> TAPLINE =
      List.of(
          OPERATION, LSN, SEQUENCE, EXTRACTED_AT, COMMITTED_AT, TRANSACTION, DELETED_AT, JSON_NULL);

  /// The fields of `metadata: tapline` for output with rows of all streams.
  public static final List<MetadataField> TAPLINE_MIXED =
      Stream.concat(Stream.of(STREAM), TAPLINE.stream()).toList();

  /// The fields of `metadata: stitch`.
  public static final List<MetadataField> STITCH =
      List.of(
          SDC_EXTRACTED_AT,
          SDC_RECEIVED_AT,
          SDC_BATCHED_AT,
          SDC_SEQUENCE,
          SDC_TABLE_VERSION,
          SDC_DELETED_AT,
          JSON_NULL);

  private final String standardName;

  MetadataField(String standardName) {
    this.standardName = standardName;
  }

  /// Whether only rows from a log have it.
  boolean isOfLog() {
    return switch (this) {
      case LSN, SEQUENCE, COMMITTED_AT, TRANSACTION, DELETED_AT, SDC_DELETED_AT -> true;
      default -> false;
    };
  }

  /// The standard name.
  public String standardName() {
    return standardName;
  }

  /// The standard names of all fields.
  public static List<String> standardNames() {
    return Arrays.stream(values()).map(MetadataField::standardName).toList();
  }
}
