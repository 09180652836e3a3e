package dev.tapline.sink.jdbc.plan;

/// Which metadata stand beside the data.
public enum Preset {
  /// Only what is needed to understand the rows.
  MINIMAL,
  /// All, under Tapline's names.
  TAPLINE,
  /// Stitch's.
  STITCH
}
