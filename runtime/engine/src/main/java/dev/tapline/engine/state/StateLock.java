package dev.tapline.engine.state;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Keeps a second run off a pipeline: a lock of the operating system, which ends with the process
/// however that ends. The file itself stays; it says which process held it last.
public final class StateLock implements Closeable {
  // Whoever closes a file loses all locks that his process has on it, so that one's own locks are
  // asked for here.
  private static final Set<Path> HELD = new HashSet<>();
  private static final int ATTEMPTS = 10;
  private static final long MILLIS_BETWEEN = 20;

  private final Path file;
  private final FileChannel channel;

  private StateLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /// Whether somebody holds a pipeline now, in this process or another. Keeps nobody off it.
  ///
  /// @param folder the folder of its state
  public static boolean isHeld(Path folder, String pipeline) throws IOException {
    Path file = fileOf(folder, pipeline);
    if (!Files.exists(file)) {
      return false;
    }
    synchronized (HELD) {
      if (HELD.contains(fileOf(folder.toRealPath(), pipeline))) {
        return true;
      }
      // Shared, so that those who look do not see each other.
      try (FileChannel looked = FileChannel.open(file, StandardOpenOption.READ)) {
        return looked.tryLock(0, Long.MAX_VALUE, true) == null;
      } catch (IOException e) {
        throw new StateException(FileErrors.sentence("cannot look at the lock", file, e), e);
      }
    }
  }

  static Path fileOf(Path folder, String pipeline) {
    return folder.resolve(pipeline + ".lock");
  }

  static StateLock take(Path folder, String pipeline) throws IOException {
    Path file = fileOf(folder, pipeline);
    Path real;
    try {
      real = fileOf(folder.toRealPath(), pipeline);
    } catch (IOException e) {
      throw new StateException(FileErrors.sentence("cannot open the lock", file, e), e);
    }
    synchronized (HELD) {
      if (!HELD.add(real)) {
        throw held(file, pipeline, Long.toString(ProcessHandle.current().pid()));
      }
    }
    boolean taken = false;
    try {
      StateLock lock = new StateLock(real, open(file));
      taken = lock.take(pipeline);
      return lock;
    } finally {
      if (!taken) {
        letGo(real);
      }
    }
  }

  private static FileChannel open(Path file) throws IOException {
    try {
      return FileChannel.open(
          file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new StateException(FileErrors.sentence("cannot open the lock", file, e), e);
    }
  }

  private boolean take(String pipeline) throws IOException {
    try {
      if (!isLocked()) {
        throw held(file, pipeline, Files.readString(file).strip());
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
      return true;
    } catch (IOException e) {
      channel.close();
      throw e instanceof StateException
          ? e
          : new StateException(FileErrors.sentence("cannot write the lock", file, e), e);
    }
  }

  // Who looks whether a run is going on holds the lock for an instant.
  private boolean isLocked() throws IOException {
    for (int i = 0; i < ATTEMPTS; i++) {
      if (channel.tryLock() != null) {
        return true;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(MILLIS_BETWEEN));
    }
    return false;
  }

  private static StateException held(Path file, String pipeline, String process) {
    return new StateException(
        "pipeline '"
            + pipeline
            + "' is being run by process "
            + process
            + " (lock '"
            + file
            + "'); wait for it or stop it",
        null);
  }

  private static void letGo(Path real) {
    synchronized (HELD) {
      HELD.remove(real);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      letGo(file);
    }
  }
}
