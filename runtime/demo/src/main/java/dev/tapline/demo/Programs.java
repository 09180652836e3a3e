package dev.tapline.demo;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Runs programs to their end, with what they print in a file.
final class Programs {
  private static final int SHOWN_LINES = 5;

  private Programs() {}

  /// Runs a program that has nothing to read.
  ///
  /// @param output gets what the program prints; where it fails, its errors are in the message
  static void run(List<String> command, Path output) throws IOException, InterruptedException {
    run(command, new File("/dev/null"), output);
  }

  /// Runs a program that reads a file.
  static void run(List<String> command, Path input, Path output)
      throws IOException, InterruptedException {
    run(command, input.toFile(), output);
  }

  private static void run(List<String> command, File input, Path output)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(new File("/"))
            .redirectInput(input)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    // The settings of whoever starts the demo are for other servers.
    builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
    builder.environment().put("LC_ALL", "C");
    Process process = builder.start();
    try {
      int code = process.waitFor();
      if (code != 0) {
        throw new IOException(
            "'%s' failed with exit code %d: %s"
                .formatted(String.join(" ", command), code, reason(output)));
      }
    } catch (InterruptedException e) {
      process.destroy();
      throw e;
    }
  }

  /// What a program's output says of why it failed: PostgreSQL's errors, or else the end of it.
  static String reason(Path file) throws IOException {
    List<String> lines =
        Files.readString(file).lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    List<String> errors =
        lines.stream().filter(line -> line.contains("ERROR:") || line.contains("FATAL:")).toList();
    List<String> shown = errors.isEmpty() ? lines : errors;
    return shown.isEmpty()
        ? "it printed nothing"
        : String.join("; ", shown.subList(Math.max(0, shown.size() - SHOWN_LINES), shown.size()));
  }
}
