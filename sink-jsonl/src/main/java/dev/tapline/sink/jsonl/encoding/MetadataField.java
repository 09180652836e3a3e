package dev.tapline.sink.jsonl.encoding;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The fields that the sink can add to a row, by the names that they have unless renamed.
public enum MetadataField {
  /// The stream's destination, where rows of several streams are in one place.
  STREAM("_stream"),
  /// What happened: `r`ead, `i`nsert, `u`pdate, `d`elete, `t`runcate.
  OPERATION("_op"),
  /// Where in the log the transaction was committed, as PostgreSQL writes it.
  LSN("_lsn"),
  /// The index of the change within its transaction.
  SEQUENCE("_seq"),
  /// When the row was read from the source.
  EXTRACTED_AT("_extracted_at"),
  /// When the change was committed.
  COMMITTED_AT("_committed_at"),
  /// The number of the transaction.
  TRANSACTION("_xid"),
  /// When the row was deleted; on deletes alone.
  DELETED_AT("_deleted_at"),
  /// Names of the columns whose `null` is a JSON document and not NULL; on such rows alone.
  JSON_NULL("_json_null"),
  /// [#EXTRACTED_AT] under Stitch's name.
  SDC_EXTRACTED_AT("_sdc_extracted_at"),
  /// When the sink was given the row.
  SDC_RECEIVED_AT("_sdc_received_at"),
  /// The same: a row is batched and received at once.
  SDC_BATCHED_AT("_sdc_batched_at"),
  /// A number that grows from row to row.
  SDC_SEQUENCE("_sdc_sequence"),
  /// The number of the stream's version.
  SDC_TABLE_VERSION("_sdc_table_version"),
  /// [#DELETED_AT] under Stitch's name.
  SDC_DELETED_AT("_sdc_deleted_at");

  /// What `metadata: tapline` writes.
  public static final List<MetadataField> TAPLINE =
      List.of(
          OPERATION, LSN, SEQUENCE, EXTRACTED_AT, COMMITTED_AT, TRANSACTION, DELETED_AT, JSON_NULL);

  /// What `metadata: tapline` writes where rows of all streams are in one place.
  public static final List<MetadataField> TAPLINE_MIXED =
      Stream.concat(Stream.of(STREAM), TAPLINE.stream()).toList();

  /// What `metadata: stitch` writes.
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

  /// Whether only rows out of a log have it.
  boolean isOfLog() {
    return switch (this) {
      case LSN, SEQUENCE, COMMITTED_AT, TRANSACTION, DELETED_AT, SDC_DELETED_AT -> true;
      default -> false;
    };
  }

  /// The name unless renamed.
  public String standardName() {
    return standardName;
  }

  /// The names of all.
  public static List<String> standardNames() {
    return Arrays.stream(values()).map(MetadataField::standardName).toList();
  }
}
