package dev.tapline.source.postgres.check;

import dev.tapline.source.postgres.connect.Session;
import dev.tapline.spi.catalog.Stream;
import java.util.List;

/// Which streams follow the log.
final class LogStreams {
  static final int WITH_LOGICAL_DECODING = 90_400;

  private static final String METHOD = "LOG_BASED";

  private LogStreams() {}

  /// The streams that follow the log, on a server that has one to follow.
  static List<Stream> among(Session session, List<Stream> streams) {
    return session.version() < WITH_LOGICAL_DECODING
        ? List.of()
        : streams.stream().filter(LogStreams::isOne).toList();
  }

  static boolean isOne(Stream stream) {
    return stream.method().equals(METHOD);
  }
}
