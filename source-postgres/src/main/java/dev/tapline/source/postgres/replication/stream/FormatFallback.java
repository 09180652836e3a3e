package dev.tapline.source.postgres.replication.stream;

/// Is told what a slot must be asked for from now on, when what it was asked for does not work. The
/// read then fails such that it is begun again.
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
