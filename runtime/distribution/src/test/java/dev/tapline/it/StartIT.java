package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// How the distribution starts: from any folder, with the classes that its JVM has learnt, and with
/// another JVM as well.
class StartIT {
  private static final String LEARNT = "jvm/lib/tapline.aot";

  @TempDir private Path folder;

  @Test
  void aDistributionThatWasMovedStartsWithWhatItsJvmHasLearnt() throws Exception {
    Path home = copy();
    Path log = folder.resolve("classes.log");

    Distribution.Result result =
        Distribution.run(
            home,
            folder,
            Map.of("TAPLINE_JAVA_OPTIONS", "-Xlog:class+load:file=" + log),
            "plugins");

    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(sourceOf("dev.tapline.boot.Launcher", log)).isEqualTo("shared objects file");
    assertThat(sourceOf("dev.tapline.cli.Main", log)).isEqualTo("shared objects file");
    assertThat(sourceOf("dev.tapline.source.postgres.PostgresProvider", log))
        .isEqualTo("shared objects file");
  }

  @Test
  void whatWasLearntMayBeMissingOrBroken() throws Exception {
    Path home = copy();
    Files.writeString(home.resolve(LEARNT), "not what a JVM wrote");
    Distribution.Result broken = Distribution.run(home, folder, Map.of(), "plugins");
    Files.delete(home.resolve(LEARNT));
    Distribution.Result missing = Distribution.run(home, folder, Map.of(), "plugins");

    for (Distribution.Result result : List.of(broken, missing)) {
      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(result.err()).isEmpty();
      assertThat(result.out()).contains("postgres").contains("jsonl").contains("parquet");
    }
  }

  @Test
  void aDistributionWithoutItsJvmRunsOnAnother() throws Exception {
    Path home = copy();
    Files.move(home.resolve("jvm"), folder.resolve("another"));

    Distribution.Result none = Distribution.run(home, folder, Map.of(), "plugins");
    Distribution.Result other =
        Distribution.run(
            home, folder, Map.of("TAPLINE_JAVA_HOME", System.getProperty("java.home")), "plugins");

    assertThat(none.code()).isEqualTo(1);
    assertThat(none.err()).contains("set TAPLINE_JAVA_HOME to a JDK 25");
    assertThat(other.code()).as(other.toString()).isZero();
    assertThat(other.out()).contains("postgres").contains("jsonl").contains("parquet");
  }

  private Path copy() throws IOException {
    // A space, as in many a folder of a user.
    Path home = folder.resolve("a moved folder");
    try (Stream<Path> files = Files.walk(Distribution.HOME)) {
      files.forEach(file -> copy(file, home.resolve(Distribution.HOME.relativize(file))));
    }
    return home;
  }

  private static void copy(Path from, Path to) {
    try {
      Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sourceOf(String type, Path log) throws IOException {
    String source = " " + type + " source: ";
    return Files.readAllLines(log).stream()
        .filter(line -> line.contains(source))
        .map(line -> line.substring(line.indexOf(source) + source.length()))
        .findFirst()
        .orElse("not loaded");
  }
}
