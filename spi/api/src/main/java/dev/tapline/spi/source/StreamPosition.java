package dev.tapline.spi.source;

import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.Stream;

/// A stream and where it was left.
///
/// @param stream the stream
/// @param position the last position that is durable, or [Position#START]
public record StreamPosition(Stream stream, Position position) {}
