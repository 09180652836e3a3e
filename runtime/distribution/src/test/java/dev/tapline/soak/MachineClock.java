package dev.tapline.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The clock of the runtime's machine, by `faketime` where it is installed: it can be set while
/// processes run.
final class MachineClock {
  private static final List<Path> LIBRARIES =
      List.of(
          Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1"),
          Path.of("/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1"));

  private final Optional<Path> library = LIBRARIES.stream().filter(Files::exists).findFirst();
  private final Path offset;
  private boolean used;

  MachineClock(Path folder) {
    this.offset = folder.resolve("clock");
  }

  boolean canBeSet() {
    return library.isPresent();
  }

  /// Has processes from now on follow it; before, they have the machine's.
  void use() throws IOException {
    used = canBeSet();
    set(0);
  }

  void set(long seconds) throws IOException {
    Path fresh = offset.resolveSibling("clock.fresh");
    Files.writeString(fresh, "%+d%n".formatted(seconds));
    Files.move(
        fresh,
        offset,
        java.nio.file.StandardCopyOption.ATOMIC_MOVE,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  void of(Map<String, String> environment) {
    if (used) {
      environment.put("LD_PRELOAD", library.orElseThrow().toString());
      environment.put("FAKETIME_TIMESTAMP_FILE", offset.toString());
      environment.put("FAKETIME_CACHE_DURATION", "1");
      environment.put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
      // Else waits of a JVM end at once, or never.
      environment.put("FAKETIME_FORCE_MONOTONIC_FIX", "0");
    }
  }
}
