package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Compiles and runs the program of `docs/embedding.md` with the engine and two plug-ins on its
/// module path: no command line, no descriptor.
class EmbeddingIT {
  private static final Pattern JAVA_BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Path HOME = Path.of("target", "tapline").toAbsolutePath();

  @TempDir private Path folder;

  @Test
  void theProgramOfTheGuideRunsAPipeline() throws Exception {
    List<String> blocks =
        JAVA_BLOCK
            .matcher(Files.readString(Path.of("..", "..", "docs", "embedding.md")))
            .results()
            .map((MatchResult block) -> block.group(1))
            .toList();
    Files.writeString(folder.resolve("Embedding.java"), blocks.get(0));
    Files.writeString(folder.resolve("module-info.java"), blocks.get(1));
    String modules = String.join(":", modules());
    compile(modules);

    try (TestServer server = TestServer.start()) {
      server.execute("CREATE TABLE orders (id bigint PRIMARY KEY, name text)");
      server.execute("INSERT INTO orders SELECT i, 'n' || i FROM generate_series(1, 25) i");

      assertThat(run(modules, server.url())).endsWith("true\n");
      assertThat(rows()).isEqualTo(25);
      assertThat(folder.resolve("state/shop.json")).exists();

      server.execute("DELETE FROM orders WHERE id > 10");
      assertThat(run(modules, server.url())).endsWith("true\n");
      assertThat(rows()).isEqualTo(10);
    }
  }

  @Test
  void theCommandLineIsNotAmongTheModules() throws Exception {
    assertThat(modules())
        .anyMatch(jar -> jar.contains("tapline-engine"))
        .noneMatch(jar -> jar.contains("tapline-cli") || jar.contains("snakeyaml"))
        .noneMatch(jar -> jar.contains("picocli") || jar.contains("logback"));
  }

  private void compile(String modules) {
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-d",
                folder.resolve("classes").toString(),
                "--module-path",
                modules,
                folder.resolve("Embedding.java").toString(),
                folder.resolve("module-info.java").toString());
    assertThat(code).isZero();
  }

  private String run(String modules, String url) throws Exception {
    Path out = folder.resolve("output.txt");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--module-path",
                modules + ":" + folder.resolve("classes"),
                "--add-modules",
                "ALL-MODULE-PATH",
                "--module",
                "example/example.Embedding",
                url)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as("%s", Files.readString(out)).isZero();
    return Files.readString(out);
  }

  private long rows() throws Exception {
    long rows = 0;
    try (Stream<Path> files = Files.walk(folder.resolve("out"))) {
      for (Path file : files.filter(each -> each.toString().endsWith(".jsonl")).toList()) {
        rows += Files.readAllLines(file).size();
      }
    }
    return rows;
  }

  /// The engine, the SPI, the two plug-ins, and what these need.
  private static List<String> modules() throws Exception {
    List<String> jars = new ArrayList<>();
    collect(HOME.resolve("lib/boot"), "tapline-spi|slf4j-api", jars);
    collect(HOME.resolve("lib/runtime"), "tapline-engine|jackson", jars);
    collect(HOME.resolve("plugins/postgres"), "", jars);
    collect(HOME.resolve("plugins/jsonl"), "(?!jackson-core).*", jars);
    return jars;
  }

  private static void collect(Path from, String names, List<String> jars) throws Exception {
    try (Stream<Path> files = Files.list(from)) {
      files
          .filter(file ->
              Pattern.compile("^(" + names + ")").matcher(file.getFileName().toString()).find())
          .map(Path::toString)
          .forEach(jars::add);
    }
  }
}
