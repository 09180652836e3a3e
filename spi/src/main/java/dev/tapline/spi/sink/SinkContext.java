package dev.tapline.spi.sink;

/// Whose sink it is.
///
/// @param pipeline the pipeline's name: markers and leftovers of a sink are kept apart by it.
///   Letters, digits, `.`, `_`, `-`
public record SinkContext(String pipeline) {}
