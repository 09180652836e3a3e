package dev.tapline.sink.jdbc.table;

/// Which metadata stand beside the data.
public enum MetadataPreset {
  /// Only what is needed to understand the rows.
  MINIMAL,
  /// All, under Tapline's names.
  TAPLINE,
  /// Stitch's.
  STITCH
}
