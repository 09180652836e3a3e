package dev.tapline.sink.jdbc.table;

/// Sets of metadata columns.
public enum MetadataPreset {
  /// Only what is needed to understand the rows.
  MINIMAL,
  /// All, under Tapline's names.
  TAPLINE,
  /// Stitch's.
  STITCH
}
