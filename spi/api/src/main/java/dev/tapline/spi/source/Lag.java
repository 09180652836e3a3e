package dev.tapline.spi.source;

import java.time.Duration;

/// How far a reader is behind the end of its log.
///
/// @param bytes how much of the log is written and was not read yet
/// @param time how long ago the last change that was read was committed; zero when all is read
public record Lag(long bytes, Duration time) {}
