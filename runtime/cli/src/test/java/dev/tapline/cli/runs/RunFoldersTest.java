package dev.tapline.cli.runs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.cli.descriptor.Descriptor;
import dev.tapline.engine.Pipeline;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFoldersTest {
  private static final Instant NOON = Instant.parse("2026-07-01T12:00:00.123Z");

  @TempDir Path folder;

  private String create(Instant machine) throws Exception {
    Pipeline.Plugin none = new Pipeline.Plugin("none", Config.of(ConfigSpec.of(), Map.of()));
    Pipeline pipeline =
        new Pipeline(
            "shop",
            none,
            none,
            "FULL_TABLE",
            List.of(),
            new Pipeline.Engine(
                1, Duration.ofHours(1), OptionalLong.empty(), 1, Duration.ofSeconds(20)));
    Path created =
        RunFolders.create(new Descriptor(pipeline, folder.resolve("state"), 2), () -> machine);
    assertThat(created).isDirectory();
    return created.getFileName().toString();
  }

  private List<String> kept() throws Exception {
    try (Stream<Path> folders = Files.list(folder.resolve("state/runs/shop"))) {
      return folders.map(each -> each.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void theOldestAreRemovedAndNeverTheOneThatBegins() throws Exception {
    String first = create(NOON);
    String second = create(NOON.plusSeconds(1));
    assertThat(kept()).containsExactly(first, second);
    String third = create(NOON.minusSeconds(3_600));
    assertThat(kept()).containsExactly(second, third);
    assertThat(third).isEqualTo("2026-07-01T12-00-01.124Z");
  }

  @Test
  void whatIsNotOfARunStays() throws Exception {
    String first = create(NOON);
    Path runs = folder.resolve("state/runs/shop");
    Files.writeString(runs.resolve("zzz"), "mine");
    Files.createDirectory(runs.resolve("0000-older"));
    Files.writeString(runs.resolve("2020-01-01T00-00-00.000Z"), "a file of such a name");
    Files.writeString(runs.resolve(first).resolve("notes.txt"), "mine");
    create(NOON.plusSeconds(1));
    String third = create(NOON.plusSeconds(2));
    String fourth = create(NOON.plusSeconds(3));
    assertThat(kept())
        .containsExactly("0000-older", "2020-01-01T00-00-00.000Z", first, third, fourth, "zzz");
    assertThat(runs.resolve(first).resolve("notes.txt")).hasContent("mine");
  }

  @Test
  void runsOfOneMillisecondHaveAFolderEach() throws Exception {
    assertThat(create(NOON)).isEqualTo("2026-07-01T12-00-00.123Z");
    assertThat(create(NOON.plusNanos(1_000))).isEqualTo("2026-07-01T12-00-00.124Z");
    assertThat(create(NOON.plusSeconds(9))).isEqualTo("2026-07-01T12-00-09.123Z");
  }
}
