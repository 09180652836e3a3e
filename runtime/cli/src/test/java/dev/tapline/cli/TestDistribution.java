package dev.tapline.cli;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.core.Context;
import dev.tapline.boot.Launcher;
import dev.tapline.demo.DemoServer;
import dev.tapline.engine.run.PipelineRun;
import dev.tapline.plugins.PluginLoader;
import dev.tapline.spi.Provider;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.tukaani.xz.XZInputStream;
import picocli.CommandLine;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/// A distribution made of what the tests were compiled against, run as users run it: in a JVM of
/// its own, by the launcher, as modules. Its `plugins` folder is empty at first.
public final class TestDistribution {
  private static final List<Class<?>> BOOT =
      List.of(Provider.class, Launcher.class, LoggerFactory.class);
  private static final List<Class<?>> RUNTIME =
      List.of(
          Main.class,
          PipelineRun.class,
          PluginLoader.class,
          DemoServer.class,
          XZInputStream.class,
          LoggerContext.class,
          SLF4JBridgeHandler.class,
          Context.class,
          CommandLine.class,
          LoadSettings.class,
          JsonFactory.class,
          JsonMapper.class,
          com.fasterxml.jackson.annotation.JsonProperty.class);

  private final Path home;
  private final Map<String, String> environment = new HashMap<>();

  private TestDistribution(Path home) {
    this.home = home;
  }

  /// What a command did.
  public record Result(int code, String out, String err) {}

  /// Assembles a distribution in an empty folder.
  public static TestDistribution in(Path home) throws IOException {
    collect(BOOT, home.resolve("lib/boot"));
    collect(RUNTIME, home.resolve("lib/runtime"));
    Files.createDirectories(home.resolve("plugins"));
    return new TestDistribution(home);
  }

  public Path home() {
    return home;
  }

  public Path plugins() {
    return home.resolve("plugins");
  }

  /// Sets an environment variable of the commands to come.
  public TestDistribution environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /// Runs a command to its end, in the folder of the distribution.
  public Result run(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-Dtapline.home=" + home,
                "--enable-native-access=dev.tapline.boot",
                "--add-modules",
                "ALL-DEFAULT",
                "--module-path",
                home.resolve("lib/boot").toString(),
                "--module",
                "dev.tapline.boot/dev.tapline.boot.Launcher"));
    command.addAll(List.of(arguments));
    Path out = Files.createTempFile(home, "out", "");
    Path err = Files.createTempFile(home, "err", "");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("TAPLINE_"));
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        throw new IOException("the command did not end: " + String.join(" ", arguments));
      }
    } finally {
      process.destroyForcibly();
    }
    return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /// The jar, or the folder of classes, that a class was loaded from.
  public static Path origin(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Packs a folder of classes into a jar.
  public static void pack(Path folder, Path jar) throws IOException {
    Files.createDirectories(jar.getParent());
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file);
        Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.filter(Files::isRegularFile).sorted().toList()) {
        out.putNextEntry(new JarEntry(folder.relativize(path).toString().replace('\\', '/')));
        Files.copy(path, out);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void collect(List<Class<?>> types, Path folder) throws IOException {
    Files.createDirectories(folder);
    for (Class<?> type : types) {
      Path origin = origin(type);
      if (Files.isDirectory(origin)) {
        pack(origin, folder.resolve(type.getPackageName() + ".jar"));
      } else {
        Files.copy(origin, folder.resolve(origin.getFileName()));
      }
    }
  }
}
