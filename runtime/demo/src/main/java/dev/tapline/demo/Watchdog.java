package dev.tapline.demo;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// Ends the server and removes its folder when this process is through with it or is no more.
///
/// It is a shell that reads from this process. The kernel closes that pipe in every case, `kill -9`
/// included, so that there is one way in which everything ends. Ctrl-C, which reaches the shell
/// too, is for the runtime to act upon.
final class Watchdog implements Closeable {
  private static final int PATIENCE_SECONDS = 60;

  // A server that runs in single-user mode notes its number with a minus. What is starting when the
  // folder goes fails for want of it, which may take the moment that rm is repeated for.
  private static final String SCRIPT =
      """
      trap '' INT TERM HUP
      cat >/dev/null
      note=$1/data/postmaster.pid
      if [ -e "$note" ] && read -r server <"$note"; then
        server=${server#-}
        kill -QUIT "$server" 2>/dev/null
        left=100
        while [ -e "$note" ] && kill -0 "$server" 2>/dev/null; do
          [ "$left" -gt 0 ] || kill -KILL "$server"
          left=$((left - 1))
          sleep 0.1
        done
      fi
      left=50
      until rm -rf -- "$1" 2>/dev/null; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || exec rm -rf -- "$1"
        sleep 0.1
      done
      """;

  private final Path folder;
  private final Process shell;

  private Watchdog(Path folder, Process shell) {
    this.folder = folder;
    this.shell = shell;
  }

  /// @param folder what to remove at the end, with a server's data in `data` of it
  static Watchdog over(Path folder) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("/bin/sh", "-c", SCRIPT, "tapline-demo", folder.toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    return new Watchdog(folder, builder.start());
  }

  @Override
  public void close() throws IOException {
    shell.getOutputStream().close();
    boolean interrupted = Thread.interrupted();
    try {
      if (!shell.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || shell.exitValue() != 0) {
        throw new IOException("the demo's server in '" + folder + "' could not be removed");
      }
    } catch (InterruptedException e) {
      // The shell goes on without us.
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
