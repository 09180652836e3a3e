package dev.tapline.cli.runs;

import dev.tapline.cli.logging.RunLog;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads a run's log from its beginning, as far as it has been written, again and again: what was
/// put aside first, and on through the next file when another one is put aside meanwhile. One
/// thread.
public final class LogTail implements Closeable {
  private final Path file;
  private final Path aside;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private @Nullable FileChannel channel;
  private @Nullable Object key;

  /// @param run whose log it is
  public LogTail(KeptRun run) {
    this.file = run.logFile();
    this.aside = file.resolveSibling(RunLog.aside(RunFolders.LOG_FILE));
  }

  /// Hands over the lines that were written since the last call.
  public void read(Consumer<String> lines) throws IOException {
    if (channel == null) {
      open();
      readAside(lines);
    }
    FileChannel current = channel;
    while (current != null) {
      drain(current, lines);
      if (isCurrent()) {
        return;
      }
      // It was put aside. What its writer had written before that stands there by now.
      drain(current, lines);
      current.close();
      channel = null;
      open();
      current = channel;
    }
  }

  /// What stands behind the last line, which its writer has not ended.
  public String rest() {
    return line.toString(StandardCharsets.UTF_8);
  }

  private void open() throws IOException {
    while (true) {
      @Nullable Object before = keyOf(file);
      if (before == null) {
        return;
      }
      FileChannel opened;
      try {
        opened = FileChannel.open(file, StandardOpenOption.READ);
      } catch (NoSuchFileException e) {
        return;
      }
      if (before.equals(keyOf(file))) {
        key = before;
        channel = opened;
        return;
      }
      opened.close();
    }
  }

  // After the file itself was opened, so that none can come in between.
  private void readAside(Consumer<String> lines) throws IOException {
    @Nullable Object other = keyOf(aside);
    if (other == null || other.equals(key)) {
      return;
    }
    try (FileChannel old = FileChannel.open(aside, StandardOpenOption.READ)) {
      drain(old, lines);
    }
  }

  private boolean isCurrent() throws IOException {
    @Nullable Object now = keyOf(file);
    return now == null || now.equals(key);
  }

  private static @Nullable Object keyOf(Path file) throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private void drain(FileChannel from, Consumer<String> lines) throws IOException {
    while (from.read(buffer.clear()) > 0) {
      buffer.flip();
      while (buffer.hasRemaining()) {
        byte next = buffer.get();
        if (next == '\n') {
          lines.accept(line.toString(StandardCharsets.UTF_8));
          line.reset();
        } else {
          line.write(next);
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    FileChannel current = channel;
    if (current != null) {
      current.close();
    }
  }
}
