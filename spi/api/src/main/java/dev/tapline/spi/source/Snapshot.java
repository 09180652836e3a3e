package dev.tapline.spi.source;

import java.io.Closeable;

/// A moment that a source holds for scans. It costs the source something (what it still sees cannot
/// be vacuumed away), so close it when the last scan has ended. Safe for several threads.
public interface Snapshot extends Closeable {
  /// Whether scans can still begin under it: false once it is closed or the connection that holds
  /// it is lost. May ask the source.
  boolean isOpen();
}
