package dev.tapline.engine.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateLockTest {
  private static final Path LOCKS = Path.of("/proc/locks");

  @TempDir Path folder;

  /// What the operating system says, which is what keeps other processes off.
  private static boolean isLocked(Path file) throws Exception {
    String inode = ":" + Files.getAttribute(file, "unix:ino") + " ";
    return Files.readAllLines(LOCKS).stream()
        .anyMatch(line -> line.contains("POSIX") && line.contains("WRITE") && line.contains(inode));
  }

  @Test
  void whoLooksOrIsRefusedTakesTheLockFromNobody() throws Exception {
    assumeTrue(Files.isReadable(LOCKS));
    assertThat(StateLock.isHeld(folder, "shop")).as("never run").isFalse();
    Path file = StateLock.fileOf(folder, "shop");
    try (StateLock _ = StateLock.take(folder, "shop")) {
      assertThat(isLocked(file)).isTrue();
      assertThat(StateLock.isHeld(folder, "shop")).isTrue();
      assertThat(isLocked(file)).as("after a look").isTrue();
      assertThatThrownBy(() -> StateLock.take(folder, "shop"))
          .hasMessageContaining("is being run by process " + ProcessHandle.current().pid());
      assertThat(isLocked(file)).as("after a refusal").isTrue();
    }
    assertThat(isLocked(file)).isFalse();
    assertThat(StateLock.isHeld(folder, "shop")).isFalse();
    StateLock.take(folder, "shop").close();
  }
}
