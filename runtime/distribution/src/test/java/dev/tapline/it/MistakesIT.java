package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.cli.command.InProcess;
import dev.tapline.cli.command.InProcess.Result;
import dev.tapline.engine.method.FullTableProvider;
import dev.tapline.engine.method.IncrementalProvider;
import dev.tapline.engine.method.LogBasedProvider;
import dev.tapline.plugins.LoadedPlugins;
import dev.tapline.plugins.Plugin;
import dev.tapline.plugins.PluginKind;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.spi.Provider;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// What newcomers do wrong, and what they are told: the transcript `mistakes.txt` beside this
/// class, with the plug-ins of the distribution.
///
/// A mistake is a title (`# ...`), a descriptor (lines that begin with `| `), the command (`$
/// runtime ...`), what is printed, and the exit code. `PORT` is that of a server with a database
/// `shop`, `FOLDER` where the descriptor lies. With `-Dtapline.mistakes.write=FILE` the answers of
/// now are written to a file, to be read by people.
class MistakesIT {
  private static final Path PLUGINS = Path.of("target/tapline/plugins").toAbsolutePath();
  private static final List<URLClassLoader> LOADERS = new ArrayList<>();

  @TempDir private static Path temporary;
  private static TestServer server;
  private static LoadedPlugins plugins;

  /// What plug-ins share with Tapline; the tests' class path has more, and parts of plug-ins too.
  private static final class Shared extends ClassLoader {
    Shared() {
      super(ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (name.startsWith("dev.tapline.spi.") || name.startsWith("org.slf4j.")) {
        return MistakesIT.class.getClassLoader().loadClass(name);
      }
      throw new ClassNotFoundException(name);
    }
  }

  private record Mistake(String title, String descriptor, String command, String answer) {
    static Mistake of(String text) {
      StringBuilder descriptor = new StringBuilder();
      StringBuilder answer = new StringBuilder();
      String command = "";
      for (String line : text.lines().skip(1).toList()) {
        if (!command.isEmpty()) {
          answer.append(line).append('\n');
        } else if (line.startsWith("$ runtime")) {
          command = line;
        } else {
          descriptor.append(line.replaceFirst("^\\| ?", "")).append('\n');
        }
      }
      return new Mistake(
          text.lines().findFirst().orElseThrow(),
          descriptor.toString(),
          command.substring("$ runtime".length()).strip(),
          answer.toString().strip());
    }

    String text(String said) {
      return "# %s\n%s$ runtime %s\n%s\n\n"
          .formatted(title, descriptor.replaceAll("(?m)^(?=.)", "| "), command, said);
    }
  }

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start();
    server.execute("CREATE DATABASE shop");
    try (var connection = server.connect("shop");
        var statement = connection.createStatement()) {
      statement.execute(
          """
          CREATE TABLE orders (id int PRIMARY KEY, updated_at timestamptz NOT NULL, note text);
          CREATE TABLE bare (note text);
          CREATE VIEW recent AS SELECT * FROM orders
          """);
    }
    plugins =
        new LoadedPlugins(
            List.of(
                plugin(
                    PluginKind.SOURCE, "postgres", "dev.tapline.source.postgres.PostgresProvider"),
                plugin(PluginKind.SINK, "jsonl", "dev.tapline.sink.jsonl.JsonLinesSinkProvider"),
                plugin(PluginKind.SINK, "parquet", "dev.tapline.sink.parquet.ParquetSinkProvider"),
                plugin(PluginKind.SINK, "jdbc", "dev.tapline.sink.jdbc.JdbcSinkProvider"),
                method(new FullTableProvider()),
                method(new IncrementalProvider()),
                method(new LogBasedProvider())),
            List.of());
  }

  @AfterAll
  static void end() throws IOException {
    server.close();
    for (URLClassLoader loader : LOADERS) {
      loader.close();
    }
  }

  private static Plugin method(Provider provider) {
    return new Plugin(PluginKind.METHOD, provider.name(), provider, "", "runtime");
  }

  private static Plugin plugin(PluginKind kind, String folder, String type) throws Exception {
    List<URL> jars = new ArrayList<>();
    try (Stream<Path> files = Files.list(PLUGINS.resolve(folder))) {
      for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).toList()) {
        jars.add(jar.toUri().toURL());
      }
    }
    URLClassLoader loader = new URLClassLoader(jars.toArray(URL[]::new), new Shared());
    LOADERS.add(loader);
    Provider provider = (Provider) loader.loadClass(type).getConstructor().newInstance();
    return new Plugin(kind, provider.name(), provider, "", folder);
  }

  @TestFactory
  Stream<DynamicTest> mistakesAreAnsweredWithPlaceCauseAndRemedy() throws Exception {
    List<Mistake> mistakes;
    try (var transcript = MistakesIT.class.getResourceAsStream("mistakes.txt")) {
      mistakes =
          Stream.of(new String(transcript.readAllBytes(), "UTF-8").split("(?m)^# "))
              .filter(text -> !text.isBlank())
              .map(Mistake::of)
              .toList();
    }
    assertThat(mistakes).hasSizeGreaterThanOrEqualTo(60);
    String written = System.getProperty("tapline.mistakes.write", "");
    if (!written.isEmpty()) {
      StringBuilder all = new StringBuilder();
      for (Mistake mistake : mistakes) {
        all.append(mistake.text(answer(mistake)));
      }
      Files.writeString(Path.of(written), all);
    }
    return mistakes.stream()
        .map(mistake ->
            DynamicTest.dynamicTest(
                mistake.title(), () -> assertThat(answer(mistake)).isEqualTo(mistake.answer())));
  }

  private static String answer(Mistake mistake) throws IOException {
    Path folder = Files.createTempDirectory(temporary, "mistake");
    if (!mistake.descriptor().isEmpty()) {
      Files.writeString(
          folder.resolve("pipeline.yaml"),
          mistake.descriptor().replace("PORT", Integer.toString(server.port())));
    }
    String[] arguments =
        Stream.of(mistake.command().replace("PORT", Integer.toString(server.port())).split(" "))
            .filter(word -> !word.isEmpty())
            .map(word -> word.endsWith(".yaml") || word.equals(".") ? folder + "/" + word : word)
            .toArray(String[]::new);
    Result result = InProcess.run(plugins, arguments);
    return (result.out() + result.err() + "exit code " + result.code())
        .replace(folder + "/", "")
        .replace(folder.toString(), "FOLDER")
        .replace(Integer.toString(server.port()), "PORT");
  }
}
