package dev.tapline.source.postgres.config;

import dev.tapline.source.postgres.connection.socket.Keepalives;
import java.util.OptionalInt;

/// Reads the keepalive parameters of libpq. Without them, unlike in libpq, the defaults of the
/// operating system do not apply: those begin after two hours, when a firewall has long forgotten
/// the connection.
final class KeepaliveReader {
  private static final int MILLIS = 1_000;
  private static final int MAX_SECONDS = 32_767;
  // Linux refuses more, and then there is no connection.
  private static final int MAX_COUNT = 127;
  private static final int PARTS = 4;

  private KeepaliveReader() {}

  static Keepalives read(ConnectionParameters parameters) {
    boolean on = number(parameters, "keepalives", Integer.MAX_VALUE).orElse(1) != 0;
    int idle = Keepalives.DEFAULT.idle();
    int interval = Keepalives.DEFAULT.interval();
    int count = Keepalives.DEFAULT.count();
    int timeout = number(parameters, "tcp_user_timeout", Integer.MAX_VALUE).orElse(0);
    if (timeout > 0) {
      // Half of the time until the first question, and the rest for its repetitions.
      int seconds = Math.max(2, Math.min(MAX_SECONDS, timeout / MILLIS));
      idle = Math.min(idle, Math.max(1, seconds / 2));
      interval = Math.min(interval, Math.max(1, seconds / 2 / PARTS));
      interval = Math.max(interval, (seconds - idle + MAX_COUNT - 1) / MAX_COUNT);
      count = Math.max(1, (seconds - idle) / interval);
    }
    return new Keepalives(
        on,
        given(parameters, "keepalives_idle", MAX_SECONDS, idle),
        given(parameters, "keepalives_interval", MAX_SECONDS, interval),
        given(parameters, "keepalives_count", MAX_COUNT, count));
  }

  // As in libpq, 0 leaves it to the operating system.
  private static int given(ConnectionParameters parameters, String name, int most, int usual) {
    return number(parameters, name, most).orElse(usual);
  }

  private static OptionalInt number(ConnectionParameters parameters, String name, int most) {
    return parameters
        .find(name)
        .map(value -> {
          try {
            int number = Integer.parseInt(value.text().strip());
            if (number <= most) {
              return OptionalInt.of(Math.max(0, number));
            }
          } catch (NumberFormatException e) {
            // Said below, as for a number that is too large.
          }
          parameters.problem(
              value,
              "%s '%s' is not a whole number of at most %d"
                  .formatted(value.origin(), value.text(), most));
          return OptionalInt.empty();
        })
        .orElse(OptionalInt.empty());
  }
}
