package dev.tapline.engine.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every thread of every module is started by the one class whose threads do not die unseen.
class ThreadStartsTest {
  private static final Pattern START =
      Pattern.compile(
          "new Thread\\(|Thread\\.of(Virtual|Platform)|startVirtualThread|Executors\\.new"
              + "|ForkJoinPool|parallelStream\\(|runAsync\\(|supplyAsync\\((?!\\(\\) -> loader)"
              + "|new Timer\\(|StructuredTaskScope");

  @Test
  void oneClassStartsThem() throws Exception {
    Path root = Path.of("..", "..").toAbsolutePath().normalize();
    assertThat(root.resolve("pom.xml")).exists();
    List<String> others = new ArrayList<>();
    int files = 0;
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.filter(ThreadStartsTest::isProduct).toList()) {
        files++;
        look(path, others);
      }
    }
    assertThat(files).isGreaterThan(500);
    assertThat(others).isEmpty();
  }

  private static boolean isProduct(Path path) {
    String name = path.toString();
    return name.contains("/src/main/java/")
        && name.endsWith(".java")
        && !name.contains("/benchmarks/")
        && !name.contains("/testkit/")
        && !name.endsWith("/spi/thread/Threads.java")
        // It never starts the one that it makes.
        && !name.endsWith("/boot/Launcher.java");
  }

  private static void look(Path path, List<String> others) throws IOException {
    int line = 0;
    for (String text : Files.readAllLines(path)) {
      line++;
      if (START.matcher(text).find()) {
        others.add(path + ":" + line + ": " + text.strip());
      }
    }
  }
}
