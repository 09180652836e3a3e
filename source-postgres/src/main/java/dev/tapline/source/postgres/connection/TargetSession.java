package dev.tapline.source.postgres.connection;

import java.util.List;
import java.util.Locale;

/// Which of several servers is wanted, in the words of libpq (`target_session_attrs`).
public enum TargetSession {
  /// The first that lets the user in.
  ANY,
  /// One that accepts writes.
  READ_WRITE,
  /// One that does not.
  READ_ONLY,
  /// The primary.
  PRIMARY,
  /// A standby.
  STANDBY,
  /// A standby if there is one, else any.
  PREFER_STANDBY;

  /// The word that libpq uses.
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// What to ask the driver for, one round through the servers after the other.
  List<String> rounds() {
    return switch (this) {
      case ANY -> List.of("any");
      case READ_WRITE, PRIMARY -> List.of("primary");
      case READ_ONLY, STANDBY -> List.of("secondary");
      case PREFER_STANDBY -> List.of("secondary", "any");
    };
  }
}
