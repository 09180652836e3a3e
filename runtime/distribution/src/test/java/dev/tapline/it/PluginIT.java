package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Plug-ins that somebody else has written, compiled against nothing but the SPI's jar.
class PluginIT {
  private static final Pattern JAVA_BLOCK = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
  private static TestServer server;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    server = TestServer.start();
    server.execute(
        "CREATE TABLE orders AS SELECT i AS id, 'n' || i AS name FROM generate_series(1, 25) i");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private Distribution.Result run(Path plugins) throws Exception {
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        source: {type: postgres, url: "%s"}
        streams: [{table: public.orders}]
        sink: {type: lines, file: rows.txt}
        """
            .formatted(server.url()));
    return Distribution.run(
        folder, Map.of("TAPLINE_PLUGINS", plugins.toString()), "run", "pipeline.yaml");
  }

  @Test
  void theSinkOfTheGuideReceivesRows() throws Exception {
    List<String> blocks =
        JAVA_BLOCK
            .matcher(Files.readString(Path.of("..", "..", "docs", "writing-a-sink.md")))
            .results()
            .map((MatchResult block) -> block.group(1))
            .toList();
    assertThat(blocks.getFirst().lines().filter(line -> !line.isBlank()).count())
        .isLessThanOrEqualTo(42);
    Path plugins = Files.createDirectory(folder.resolve("plugins"));
    Files.writeString(folder.resolve("LinesSink.java"), blocks.get(0));
    Files.writeString(folder.resolve("module-info.java"), blocks.get(1));
    compile(List.of(spi()), plugins.resolve("lines.jar"));

    Distribution.Result result = run(plugins);

    assertThat(result.code()).as("%s", result).isZero();
    assertThat(Files.readAllLines(folder.resolve("rows.txt")))
        .hasSize(25)
        .contains("public.orders READ {id=7, name=n7}");
  }

  @Test
  void aPlugInThatBringsAnotherVersionOfEveryLibraryRunsWithItsOwn() throws Exception {
    Path plugin = Files.createDirectories(folder.resolve("plugins/lines"));
    List<Path> libraries = new ArrayList<>();
    try (Stream<Path> jars = Files.list(Path.of("target", "other-versions"))) {
      for (Path jar : jars.toList()) {
        libraries.add(Files.copy(jar, plugin.resolve(jar.getFileName())));
      }
    }
    assertThat(libraries).hasSize(10);
    libraries.add(Files.copy(spi(), plugin.resolve("tapline-spi.jar")));
    Files.writeString(folder.resolve("LinesSink.java"), VERSIONS_SINK);
    Files.writeString(
        folder.resolve("module-info.java"),
        """
        module example.lines {
          requires dev.tapline.spi;
          requires info.picocli;
          requires tools.jackson.databind;
          requires ch.qos.logback.classic;
          requires org.slf4j;
          requires org.snakeyaml.engine;
          requires org.postgresql.jdbc;
          requires com.github.luben.zstd_jni;
          provides dev.tapline.spi.sink.SinkProvider with example.lines.LinesSink;
        }
        """);
    compile(libraries, plugin.resolve("lines.jar"));

    Distribution.Result result = run(plugin.getParent());

    assertThat(result.code()).as("%s", result).isZero();
    assertThat(result.err()).contains("slf4j-api-2.0.17.jar is ignored");
    assertThat(Files.readAllLines(folder.resolve("rows.txt")))
        .containsExactly(
            "picocli 4.7.6",
            "jackson 3.0.0",
            "logback logback-classic-1.5.18.jar",
            "snakeyaml snakeyaml-engine-3.0.1.jar",
            "pgjdbc 42.7.7",
            "zstd 1.5.6-10",
            "rows 25");
  }

  private static final String VERSIONS_SINK =
      """
      package example.lines;

      import dev.tapline.spi.sink.SinkProvider;
      import dev.tapline.spi.batch.Batch;
      import dev.tapline.spi.config.*;
      import dev.tapline.spi.sink.*;
      import java.io.IOException;
      import java.nio.file.*;
      import java.util.*;

      public final class LinesSink implements SinkProvider {
        private static final ConfigKey<Path> FILE = ConfigKey.path("file").required();
        public String name() { return "lines"; }
        public String description() { return "Says which libraries it has."; }
        public ConfigSpec config() { return ConfigSpec.of(FILE); }
        public Sink create(Config config, SinkContext context) {
          return new Sink() {
            public Set<Capability> capabilities() { return Set.of(); }
            public SinkWriter openWriter(WriterContext writer) { return new Writer(config.get(FILE)); }
          };
        }
        private static String jar(Class<?> type) {
          String location = type.getProtectionDomain().getCodeSource().getLocation().getPath();
          return location.substring(location.lastIndexOf('/') + 1);
        }
        private static final class Writer implements SinkWriter {
          private final Path file;
          private int rows;
          Writer(Path file) { this.file = file; }
          public void write(Batch batch) { rows += batch.rows(); }
          public List<Commit> prepare() throws IOException {
            org.slf4j.LoggerFactory.getLogger("lines").info("this goes to the shared log");
            Files.write(file, List.of(
                "picocli " + picocli.CommandLine.VERSION,
                "jackson " + new tools.jackson.databind.json.JsonMapper().version(),
                "logback " + jar(ch.qos.logback.classic.Level.class),
                "snakeyaml " + jar(org.snakeyaml.engine.v2.api.LoadSettings.class),
                "pgjdbc " + org.postgresql.util.DriverInfo.DRIVER_VERSION,
                "zstd " + com.github.luben.zstd.util.ZstdVersion.VERSION,
                "rows " + rows));
            return List.of();
          }
          public void close() {}
        }
      }
      """;

  private static Path spi() throws IOException {
    try (Stream<Path> jars = Files.list(Distribution.HOME.resolve("lib/boot"))) {
      return jars.filter(jar -> jar.getFileName().toString().startsWith("tapline-spi"))
          .findFirst()
          .orElseThrow();
    }
  }

  private void compile(List<Path> modules, Path jar) throws Exception {
    Path classes = folder.resolve("classes");
    exec(
        "javac",
        "-p",
        String.join(":", modules.stream().map(Path::toString).toList()),
        "-d",
        classes.toString(),
        folder.resolve("module-info.java").toString(),
        folder.resolve("LinesSink.java").toString());
    exec("jar", "--create", "--file", jar.toString(), "-C", classes.toString(), ".");
  }

  private static void exec(String tool, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", tool).toString());
    command.addAll(List.of(arguments));
    assertThat(new ProcessBuilder(command).inheritIO().start().waitFor())
        .as(String.join(" ", command))
        .isZero();
  }
}
