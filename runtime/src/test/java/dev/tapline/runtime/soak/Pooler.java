package dev.tapline.runtime.soak;

import java.nio.file.Files;
import java.nio.file.Path;

/// PgBouncer in front of the server, with a pool of transactions that an application shares.
final class Pooler {
  private static final Path PROGRAM = Path.of("/usr/sbin/pgbouncer");

  private final SoakServer server;
  private final Path folder;
  private final String password;

  Pooler(SoakServer server, Path folder, String password) {
    this.server = server;
    this.folder = folder;
    this.password = password;
  }

  static boolean isInstalled() {
    return Files.isExecutable(PROGRAM);
  }

  String look(MachineClock clock, Figures figures) {
    return "";
  }
}
