package dev.tapline.spi.sink;

/// What a sink can do beyond appending rows. It is a promise: the contract test kit holds a sink to
/// it, and the engine tells the user what is missing.
public enum Capability {
  /// A new version of a stream replaces the old one in one step ([WriteMode#REPLACE]). Without it,
  /// the rows of each full load are appended.
  REPLACE,
  /// A row with a known key replaces the one before. Without it, each change is a row.
  UPSERT,
  /// Deletes are applied, as deletes or as a mark on the row.
  DELETE,
  /// TRUNCATE is applied.
  TRUNCATE,
  /// A batch may have another schema than the one before.
  SCHEMA_CHANGE,
  /// `prepare` makes durable and `commit` makes visible, idempotently, so that no crash loses or
  /// doubles a row. Without it, a crash may write the rows since the last checkpoint twice.
  EXACTLY_ONCE,
  /// Rows go to standard output. The runtime then keeps its report off it.
  STANDARD_OUTPUT,
  /// The destination says itself how far it has come: it is told the state with each checkpoint
  /// ([SinkCommitter#writeState]), and what it gives back ([SinkCommitter#readState]) is what a run
  /// begins with. Tapline keeps none. What a run has written counts as arrived only once the
  /// destination says so to a later run, and until then a log keeps it.
  STATE
}
