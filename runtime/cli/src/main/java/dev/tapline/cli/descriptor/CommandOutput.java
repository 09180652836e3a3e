package dev.tapline.cli.descriptor;

import dev.tapline.cli.logging.Secrets;
import dev.tapline.spi.config.Secret;
import dev.tapline.spi.thread.Threads;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A secret that a program writes to its standard output, as those do that make tokens for a while.
/// Connections that are made at about the same time share what it wrote. Safe for several threads.
final class CommandOutput implements Secret.Origin {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long SHARED_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final int MOST_SAID = 1_000;

  private final String key;
  private final List<String> command;
  private final Path folder;
  private final Duration patience;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable String last;
  private long since;

  /// @param key the key that has the command, for messages
  /// @param command the program and its arguments
  /// @param folder where it runs
  CommandOutput(String key, List<String> command, Path folder) {
    this(key, command, folder, PATIENCE);
  }

  /// @param patience how long it may take
  CommandOutput(String key, List<String> command, Path folder, Duration patience) {
    this.key = key;
    this.command = List.copyOf(command);
    this.folder = folder;
    this.patience = patience;
  }

  @Override
  public String read() throws IOException {
    lock.lock();
    try {
      @Nullable String known = last;
      if (known != null && System.nanoTime() - since < SHARED_NANOS) {
        return known;
      }
      String value = run();
      Secrets.add(value);
      last = value;
      since = System.nanoTime();
      return value;
    } finally {
      lock.unlock();
    }
  }

  private String run() throws IOException {
    Process process;
    try {
      process = new ProcessBuilder(command).directory(folder.toFile()).start();
    } catch (IOException e) {
      throw new IOException(
          "the command of '%s' cannot be run: %s".formatted(key, e.getMessage()), e);
    }
    FutureTask<String> output = reading(process.getInputStream());
    FutureTask<String> said = reading(process.getErrorStream());
    try {
      process.getOutputStream().close();
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IOException(
            "the command of '%s' (%s) does not end within %d s"
                .formatted(key, command.getFirst(), patience.toSeconds()));
      }
      String value = VariableReferences.withoutLineEnd(rest(output));
      if (process.exitValue() != 0 || value.isEmpty()) {
        throw new IOException(
            "the command of '%s' (%s) %s%s"
                .formatted(
                    key,
                    command.getFirst(),
                    process.exitValue() != 0
                        ? "ends with exit code " + process.exitValue()
                        : "writes nothing to its standard output",
                    sentence(rest(said), value)));
      }
      return value;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the command of '%s' was interrupted".formatted(key), e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static FutureTask<String> reading(InputStream stream) {
    FutureTask<String> task =
        new FutureTask<>(() -> new String(stream.readAllBytes(), StandardCharsets.UTF_8));
    Threads.virtual("command-output", task::run).start();
    return task;
  }

  // Whoever it has started and left behind may hold the other end open.
  private String rest(FutureTask<String> task) throws IOException, InterruptedException {
    try {
      return task.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(
          "what the command of '%s' (%s) writes cannot be read".formatted(key, command.getFirst()),
          e);
    }
  }

  // What it says may repeat what it would have given.
  private static String sentence(String said, String value) {
    String text = said.strip().replaceAll("\\s+", " ");
    String safe = value.isBlank() ? text : text.replace(value.strip(), "***");
    return safe.isEmpty()
        ? ""
        : ": " + (safe.length() > MOST_SAID ? safe.substring(0, MOST_SAID) + " ..." : safe);
  }
}
