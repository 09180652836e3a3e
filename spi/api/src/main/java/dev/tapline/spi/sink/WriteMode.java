package dev.tapline.spi.sink;

/// What rows mean for what a destination already holds of their stream.
public enum WriteMode {
  /// They are part of a new version of the whole stream. It stays out of sight until it is complete
  /// and then takes the place of the version before, in one step.
  REPLACE,
  /// They are added to, or merged into, what is there.
  APPEND
}
