package dev.tapline.source.postgres.preflight;

import dev.tapline.source.postgres.connection.Session;
import dev.tapline.spi.catalog.Stream;
import java.util.List;

/// Which streams are read from the log.
final class LogBasedStreams {
  static final int WITH_LOGICAL_DECODING = 90_400;

  private static final String METHOD = "LOG_BASED";

  private LogBasedStreams() {}

  /// The streams that follow the log, on a server that has one to follow.
  static List<Stream> among(Session session, List<Stream> streams) {
    return session.version() < WITH_LOGICAL_DECODING
        ? List.of()
        : streams.stream().filter(LogBasedStreams::isOne).toList();
  }

  static boolean isOne(Stream stream) {
    return stream.method().equals(METHOD);
  }
}
