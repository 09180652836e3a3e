package dev.tapline.soak;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A pipeline in a folder of its own, run as users run it: by processes.
final class Pipeline {
  private static final Path HOME =
      Path.of(System.getProperty("tapline.soak.home", "target/tapline")).toAbsolutePath();
  private static final int SECONDS = 240;

  /// What a process left.
  record Outcome(String command, int code, String text) {}

  private final String name;
  private final Path folder;
  private final MachineClock clock;
  private final List<String> told = new ArrayList<>();
  private @Nullable Process process;
  private int count;

  Pipeline(String name, Path folder, MachineClock clock) throws IOException {
    this.name = name;
    this.folder = Files.createDirectories(folder.resolve(name));
    this.clock = clock;
  }

  String name() {
    return name;
  }

  Path folder() {
    return folder;
  }

  /// Writes its descriptor.
  ///
  /// @param source further keys of the source, each after a comma
  void describe(String address, String method, String source, String sink) throws IOException {
    Files.writeString(
        folder.resolve("pipeline.yaml"),
        """
        name: %s
        source: {type: postgres, host: %s, port: %s, database: postgres, user: soak, password: "${file:password}", connect-timeout: 60s%s}
        method: %s
        streams:
        %s
        sink: %s
        engine: {checkpoint: {interval: 200ms, rows: 300}, retry-for: 60s}
        """
            .formatted(
                name,
                address.substring(0, address.indexOf(':')),
                address.substring(address.indexOf(':') + 1),
                source,
                method,
                Tables.ALL.stream()
                    .map(table -> "  - table: public." + table)
                    .collect(Collectors.joining("\n")),
                sink));
  }

  void password(String password) throws IOException {
    Path fresh = folder.resolve("password.fresh");
    Files.writeString(fresh, password);
    Files.move(
        fresh,
        folder.resolve("password"),
        java.nio.file.StandardCopyOption.ATOMIC_MOVE,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  void follow() throws IOException {
    process = start("run", "--continuous", "pipeline.yaml");
  }

  boolean isFollowing() {
    return process != null;
  }

  boolean isAlive() {
    Process own = process;
    return own != null && own.isAlive();
  }

  /// Kills the process that follows, or a run that is begun here after some time.
  void kill(long millis) throws IOException, InterruptedException {
    Process own = process == null ? start("run", "pipeline.yaml") : process;
    own.waitFor(millis, TimeUnit.MILLISECONDS);
    own.destroyForcibly().waitFor();
    process = null;
    read(own, "killed run");
  }

  /// Ends the process that follows, as systemd does.
  void stop() throws IOException, InterruptedException {
    Process own = process;
    if (own != null) {
      own.destroy();
      process = null;
      end(own, "run --continuous");
    }
  }

  Outcome run(String... arguments) throws IOException, InterruptedException {
    return end(start(arguments), String.join(" ", arguments));
  }

  /// What all processes have said since the last call of [#forget()].
  List<String> told() {
    return List.copyOf(told);
  }

  void forget() {
    told.clear();
  }

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(HOME.resolve("bin/runtime").toString()));
    command.addAll(List.of(arguments));
    count++;
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output().toFile());
    clock.of(builder.environment());
    return builder.start();
  }

  private Path output() {
    return folder.resolve("said-" + count + ".txt");
  }

  private Outcome end(Process own, String command) throws IOException, InterruptedException {
    if (!own.waitFor(SECONDS, TimeUnit.SECONDS)) {
      Process dump =
          new ProcessBuilder("kill", "-QUIT", Long.toString(own.pid())).inheritIO().start();
      dump.waitFor();
      own.waitFor(2, TimeUnit.SECONDS);
      own.destroyForcibly().waitFor();
      return new Outcome(command, -1, "did not end in " + SECONDS + " s: " + read(own, command));
    }
    return new Outcome(command, own.exitValue(), read(own, command));
  }

  private String read(Process own, String command) throws IOException {
    String text = Files.readString(output());
    text.lines().map(line -> command + " (" + own.exitValue() + "): " + line).forEach(told::add);
    return text;
  }
}
