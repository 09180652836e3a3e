package dev.tapline.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// The distribution that the build has made, run as a user runs it: as a process.
final class Distribution {
  static final Path HOME = Path.of("target", "tapline").toAbsolutePath();
  private static final int SECONDS = 180;

  /// Tests that run in the background were told to ignore signals, and what they start inherits it.
  private static final List<String> DEFAULT_SIGNALS =
      List.of("env", "--default-signal=INT,HUP,QUIT,TERM");

  /// The optimising compiler costs processor time, and pays only in processes that last. A test
  /// that sets options of its own runs with it.
  private static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1";

  private static final Map<Process, Passwords> PASSWORDS = new ConcurrentHashMap<>();

  private Distribution() {}

  /// What a process left.
  record Result(int code, String out, String err) {
    /// Both outputs, to show when a test fails.
    @Override
    public String toString() {
      return "exit code " + code + "\n--- out\n" + out + "\n--- err\n" + err;
    }
  }

  /// Runs a command to its end in `folder`.
  static Result run(Path folder, String... arguments) throws IOException, InterruptedException {
    return run(folder, Map.of(), arguments);
  }

  static Result run(Path folder, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    return end(start(HOME, folder, environment, arguments), folder);
  }

  static Result run(Path home, Path folder, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    return end(start(home, folder, environment, arguments), folder);
  }

  /// Starts a command. Its outputs are files in `folder`, so that it never waits for a reader.
  static Process start(Path home, Path folder, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(DEFAULT_SIGNALS);
    command.add(home.resolve("bin/runtime").toString());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(folder.resolve("stdout.txt").toFile())
            .redirectError(folder.resolve("stderr.txt").toFile());
    builder.environment().put("TAPLINE_JAVA_OPTIONS", SHORT_LIVED);
    builder.environment().putAll(environment);
    Passwords before = Passwords.before(folder);
    Process process = builder.start();
    PASSWORDS.put(process, before);
    return process;
  }

  static Process start(Path folder, String... arguments) throws IOException {
    return start(HOME, folder, Map.of(), arguments);
  }

  static Result end(Process process, Path folder) throws IOException, InterruptedException {
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
      throw new IOException("did not end in " + SECONDS + " s: " + read(folder, process));
    }
    return read(folder, process);
  }

  private static Result read(Path folder, Process process) throws IOException {
    Passwords before = PASSWORDS.remove(process);
    if (before != null) {
      before.requireNone();
    }
    return new Result(
        process.exitValue(),
        Files.readString(folder.resolve("stdout.txt"), StandardCharsets.UTF_8),
        Files.readString(folder.resolve("stderr.txt"), StandardCharsets.UTF_8));
  }
}
