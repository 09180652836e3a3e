package dev.tapline.spi.catalog;

import java.util.List;

/// A relation that a pipeline has selected, with what it wants of it.
///
/// @param name what the source calls it
/// @param kind what it is
/// @param schema the selected fields, and the key
/// @param destination what the sink shall call it
/// @param method the name of its replication method
/// @param replicationKey names of the fields that an incremental method orders by; may be empty
/// @param lookback how far behind its position an incremental method begins, for rows that are
///   committed late: a duration such as `10m` for times, a number for numbers; empty for not at all
/// @param estimatedRows the source's estimate, or -1
/// @param estimatedBytes the size on the source's disk, or -1
public record Stream(
    StreamName name,
    RelationKind kind,
    Schema schema,
    String destination,
    String method,
    List<String> replicationKey,
    String lookback,
    long estimatedRows,
    long estimatedBytes) {

  /// Copies the list.
  public Stream {
    replicationKey = List.copyOf(replicationKey);
  }

  /// A stream without a lookback.
  public Stream(
      StreamName name,
      RelationKind kind,
      Schema schema,
      String destination,
      String method,
      List<String> replicationKey,
      long estimatedRows,
      long estimatedBytes) {
    this(
        name, kind, schema, destination, method, replicationKey, "", estimatedRows, estimatedBytes);
  }
}
