package dev.tapline.spi.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LocationTest {
  private static final ConfigKey<Location> KEY = ConfigKey.location("path");

  @Test
  void isAFolderRelativeToTheDescriptor() {
    assertThat(read("out/x")).isEqualTo(new Location.Local(Path.of("/etc/out/x")));
    assertThat(read("/out")).isEqualTo(new Location.Local(Path.of("/out")));
    assertThat(read("~/out"))
        .isEqualTo(new Location.Local(Path.of(System.getProperty("user.home"), "out")));
    assertThat(read("C:/out")).isEqualTo(new Location.Local(Path.of("/etc/C:/out")));
  }

  @Test
  void isAnAddressWithAScheme() {
    assertThat(read("S3://bucket/a//")).isEqualTo(new Location.Remote("s3", "bucket/a"));
    assertThat(read("s3://bucket")).hasToString("s3://bucket");
  }

  private static Location read(String text) {
    List<ConfigProblem> problems = new ArrayList<>();
    Config config = ConfigSpec.of(KEY).parse(Map.of("path", text), Path.of("/etc"), problems::add);
    assertThat(problems).isEmpty();
    return config.get(KEY);
  }
}
