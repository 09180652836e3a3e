package dev.tapline.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How the server's programs are started. PostgreSQL refuses to be root, so root starts them in a
/// user namespace, where it is nobody, or, where that is forbidden (as in many containers), as the
/// user nobody.
///
/// @param programs the folder that was unpacked
/// @param prefix what stands before each command
record Launch(Path programs, List<String> prefix) {
  private static final int NOBODY = 65_534;

  private static final Way DIRECTLY = new Way(List.of(), false);
  private static final List<Way> AS_ROOT =
      List.of(
          new Way(List.of("unshare", "-U"), false),
          new Way(
              List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"), true),
          new Way(
              List.of("su", "-s", "/bin/sh", "-c", "exec \"$0\" \"$@\"", "--", "nobody"), true));

  /// A way to try.
  ///
  /// @param prefix what stands before each command
  /// @param nobody whether the programs then run as the user nobody
  private record Way(List<String> prefix, boolean nobody) {}

  Launch {
    prefix = List.copyOf(prefix);
  }

  /// Finds the first way that works here.
  ///
  /// @param folder where the server's data will be; it is made nobody's where that is needed
  static Launch find(Path folder, Path programs) throws IOException, InterruptedException {
    boolean root = (int) Files.getAttribute(folder, "unix:uid") == 0;
    return root ? first(AS_ROOT, folder, programs) : first(List.of(DIRECTLY), folder, programs);
  }

  private static Launch first(List<Way> ways, Path folder, Path programs)
      throws IOException, InterruptedException {
    List<String> failures = new ArrayList<>();
    for (Way way : ways) {
      if (way.nobody()) {
        Files.setAttribute(folder, "unix:uid", NOBODY);
      }
      Launch launch = new Launch(programs, way.prefix());
      try {
        Programs.run(launch.command("postgres", "--version"), folder.resolve("version.log"));
        return launch;
      } catch (IOException e) {
        failures.add(String.valueOf(e.getMessage()).strip());
      }
    }
    throw new IOException(
        (ways.size() > 1
                ? "PostgreSQL does not run as root, and becoming another user failed; start the demo as another user. "
                : "the bundled PostgreSQL does not run here. ")
            + String.join(". ", failures));
  }

  /// The command that starts one of the server's programs.
  List<String> command(String program, String... arguments) {
    List<String> command = new ArrayList<>(prefix);
    command.add(programs.resolve("bin").resolve(program).toString());
    command.addAll(List.of(arguments));
    return command;
  }
}
