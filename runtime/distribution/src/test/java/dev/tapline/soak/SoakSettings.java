package dev.tapline.soak;

import java.util.EnumSet;
import java.util.Set;

/// What `bin/soak` was told.
///
/// @param minutes how long it goes on
/// @param seed of all choices; the instants of kills are the machine's
/// @param kinds what steps do
/// @param server a version of [dev.tapline.source.postgres.testing.TestServer], or `wal2json` for
///   the container
/// @param steps the most steps; 0 for no limit
record SoakSettings(double minutes, long seed, Set<Kind> kinds, String server, int steps) {
  static final String MINUTES = "tapline.soak.minutes";
  private static final String PREFIX = "tapline.soak.";

  static SoakSettings ofProperties() {
    Set<Kind> kinds = EnumSet.allOf(Kind.class);
    if (!property("only", "").isEmpty()) {
      kinds = EnumSet.of(Kind.CHANGES);
      for (String label : property("only", "").split(",")) {
        kinds.add(Kind.of(label));
      }
    }
    for (String label : property("without", "").split(",")) {
      if (!label.isBlank()) {
        kinds.remove(Kind.of(label));
      }
    }
    String seed = property("seed", "");
    return new SoakSettings(
        Double.parseDouble(property("minutes", "30")),
        seed.isEmpty() ? System.nanoTime() % 1_000_000 : Long.parseLong(seed),
        kinds,
        property("server", "current"),
        Integer.parseInt(property("steps", "0")));
  }

  boolean wal2json() {
    return server.equals("wal2json");
  }

  private static String property(String name, String otherwise) {
    return System.getProperty(PREFIX + name, otherwise);
  }
}
