package dev.tapline.cli.command;

import dev.tapline.cli.Main;
import dev.tapline.plugins.LoadedPlugins;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// The command line within the test's own process, with plug-ins that a test has made.
public final class InProcess {
  private InProcess() {}

  /// What a command did. What it logs is not part of it.
  public record Result(int code, String out, String err) {}

  public static Result run(LoadedPlugins plugins, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Main.run(
            _ -> plugins,
            Map.of(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            arguments);
    return new Result(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
