package dev.tapline.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlatformTest {
  @TempDir Path archives;

  @Test
  void findsTheArchivesUnderTheNamesThatTheyArePublishedWith() throws IOException {
    assertThat(archiveOf("Linux", "amd64")).isEqualTo("postgres-linux-x86_64.txz");
    assertThat(archiveOf("Linux", "aarch64")).isEqualTo("postgres-linux-arm_64.txz");
    assertThat(archiveOf("Mac OS X", "x86_64")).isEqualTo("postgres-darwin-x86_64.txz");
    assertThat(archiveOf("Mac OS X", "aarch64")).isEqualTo("postgres-darwin-arm_64.txz");
  }

  @Test
  void saysWhenThereIsNoServerForThePlatform() {
    assertThatThrownBy(() -> Platform.of("SunOS", "sparcv9").archive(archives))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no PostgreSQL server for sunos on sparcv9")
        .hasMessageContaining("'runtime run' works with a server of yours");
  }

  private String archiveOf(String name, String architecture) throws IOException {
    for (String platform :
        new String[] {"linux-x86_64", "linux-arm_64", "darwin-x86_64", "darwin-arm_64"}) {
      Path file = archives.resolve("postgres-" + platform + ".txz");
      if (!Files.exists(file)) {
        Files.createFile(file);
      }
    }
    return Platform.of(name, architecture).archive(archives).getFileName().toString();
  }
}
