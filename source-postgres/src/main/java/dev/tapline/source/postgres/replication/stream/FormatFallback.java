package dev.tapline.source.postgres.replication.stream;

/// Learns in which form a slot must be requested from now on, when the requested form has failed.
/// The split then fails in such a way that it is begun again.
public interface FormatFallback {
  /// Values as text.
  void asText();

  /// Texts as they are stored, since the server cannot convert each of them.
  void asStored();

  /// Whether texts are to be asked for as they are stored.
  boolean isAsStored();

  /// Changes only of transactions that are committed.
  void ofCommitted();
}
