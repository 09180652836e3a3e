package dev.tapline.engine.state;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// The changes since a state file was written, each a line of JSON that is durable once [#append]
/// has returned. The first line says which state file it goes on from.
final class Journal implements Closeable {
  private static final int LINES_OF_THE_FIRST_WRITE = 2;

  private final FileChannel channel;
  private int lines;

  private Journal(FileChannel channel) {
    this.channel = channel;
  }

  /// Begins a journal in the place of the one before.
  ///
  /// @param first its first change
  static Journal begin(Path file, String id, StateChange first) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    try {
      Journal journal = new Journal(channel);
      journal.write(StateFormat.writeHeader(id));
      journal.append(first);
      DirectorySync.force(file);
      return journal;
    } catch (IOException e) {
      closeAfter(e, channel);
      throw e;
    }
  }

  private static void closeAfter(IOException failure, FileChannel channel) {
    try (channel) {
      channel.truncate(0);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /// Adds a change. After a failure nothing may be added any more: the line may stand there in
  /// part, or in whole if it cannot be taken back.
  void append(StateChange change) throws IOException {
    long before = channel.position();
    try {
      write(StateFormat.write(change));
      channel.force(false);
      lines++;
    } catch (IOException e) {
      takeBack(before, e);
      throw e;
    }
  }

  /// What was not said to be durable must not be found by the next run, which would look for what
  /// it names.
  private void takeBack(long length, IOException reason) {
    try {
      channel.truncate(length);
      channel.force(false);
    } catch (IOException e) {
      reason.addSuppressed(e);
    }
  }

  /// How many changes were added.
  int lines() {
    return lines;
  }

  /// How large it is, in bytes.
  long size() throws IOException {
    return channel.position();
  }

  private void write(byte[] line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Arrays.copyOf(line, line.length + 1));
    bytes.put(line.length, (byte) '\n');
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /// Reads the changes since a state file was written. A last line that a crash has cut off, or
  /// that it has left unreadable, was never said to be durable, and is left out.
  ///
  /// @param bytes a journal; empty for none
  /// @param id which state file it has to go on from; that of another one is nothing
  /// @throws IllegalArgumentException if a line before the last is not such a change
  static List<StateChange> changes(byte[] bytes, String id) {
    List<byte[]> lines = lines(bytes);
    List<StateChange> changes = new ArrayList<>();
    if (lines.isEmpty() || !isOf(lines, id)) {
      return changes;
    }
    for (int i = 1; i < lines.size(); i++) {
      @Nullable StateChange change = change(lines.get(i), i + 1, i == lines.size() - 1);
      if (change != null) {
        changes.add(change);
      }
    }
    return changes;
  }

  private static boolean isOf(List<byte[]> lines, String id) {
    try {
      return StateFormat.readHeader(lines.getFirst()).equals(id);
    } catch (JacksonException | IllegalArgumentException e) {
      if (lines.size() > LINES_OF_THE_FIRST_WRITE) {
        throw damaged(1, e);
      }
      return false;
    }
  }

  private static @Nullable StateChange change(byte[] line, int number, boolean last) {
    try {
      return StateFormat.readChange(line);
    } catch (JacksonException | IllegalArgumentException | java.time.DateTimeException e) {
      if (last) {
        return null;
      }
      throw damaged(number, e);
    }
  }

  private static IllegalArgumentException damaged(int line, RuntimeException cause) {
    return new IllegalArgumentException(
        "line " + line + " of its journal: " + StateFormat.reason(cause), cause);
  }

  /// The lines that have an end.
  private static List<byte[]> lines(byte[] bytes) {
    List<byte[]> lines = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        lines.add(Arrays.copyOfRange(bytes, start, i));
        start = i + 1;
      }
    }
    return lines;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
