package dev.tapline.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;

/// Is told of each call of a method of Tapline in a process: it counts them by thread, or throws an
/// Error in one of them. It is a class of the bootstrap loader there, which every module sees.
public final class Injector {
  private static final String THREAD = System.getProperty("inject.thread", "");
  private static final long STEP = Long.getLong("inject.step", 0);
  private static final Path FILE = Path.of(System.getProperty("inject.file"));
  private static final Map<String, LongAdder> COUNTS = new ConcurrentHashMap<>();
  private static volatile boolean done;

  static {
    if (THREAD.isEmpty()) {
      Runtime.getRuntime().addShutdownHook(new Thread(Injector::write));
    }
  }

  private Injector() {}

  /// What a thread is for: its name without what is of one run.
  public static String role(String name) {
    return name.startsWith("read-")
        ? "read"
        : name.startsWith("log-tapline") ? "log-read-ahead" : name;
  }

  /// A method begins.
  public static void step() {
    if (done) {
      return;
    }
    String role = role(Thread.currentThread().getName());
    if (!THREAD.isEmpty() && !role.equals(THREAD)) {
      return;
    }
    LongAdder count = COUNTS.computeIfAbsent(role, _ -> new LongAdder());
    synchronized (count) {
      count.increment();
      if (STEP == 0 || count.sum() != STEP) {
        return;
      }
      done = true;
    }
    mark();
    throw new AssertionError("injected");
  }

  private static void mark() {
    try {
      Files.writeString(FILE, Thread.currentThread().getName());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write() {
    done = true;
    try {
      Files.writeString(
          FILE,
          new TreeMap<>(COUNTS)
              .entrySet().stream()
                  .map(entry -> entry.getKey() + "=" + entry.getValue().sum())
                  .collect(Collectors.joining("\n")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
