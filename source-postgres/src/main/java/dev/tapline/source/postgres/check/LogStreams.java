package dev.tapline.source.postgres.check;

import dev.tapline.spi.catalog.Stream;

/// Which streams follow the log.
final class LogStreams {
  private static final String METHOD = "LOG_BASED";

  private LogStreams() {}

  static boolean isOne(Stream stream) {
    return stream.method().equals(METHOD);
  }
}
