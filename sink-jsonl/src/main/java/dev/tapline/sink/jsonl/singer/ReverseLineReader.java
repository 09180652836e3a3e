package dev.tapline.sink.jsonl.singer;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/// Reads the lines of a file from the last to the first, however long the file is. Not thread-safe.
final class ReverseLineReader implements Closeable {
  private static final int MAX_LINE_LENGTH = 64 << 20;

  private final FileChannel file;
  private final int chunk;
  private long start;

  /// Bytes that were read but not returned yet: those of the file from `start`.
  private byte[] ahead = {};

  ReverseLineReader(Path file) throws IOException {
    this(file, 1 << 16);
  }

  /// @param chunk the number of bytes to read at a time
  ReverseLineReader(Path file, int chunk) throws IOException {
    this.file = FileChannel.open(file);
    this.chunk = chunk;
    this.start = this.file.size();
  }

  /// The next line towards the beginning that is not blank.
  ///
  /// @throws IOException if it is too long to be a state
  Optional<String> next() throws IOException {
    while (true) {
      int newline = lastNewline();
      if (newline < 0 && start > 0) {
        readChunk();
        continue;
      }
      String line =
          new String(ahead, newline + 1, ahead.length - newline - 1, StandardCharsets.UTF_8);
      boolean over = newline < 0;
      ahead = over ? new byte[0] : java.util.Arrays.copyOf(ahead, newline);
      if (!line.isBlank()) {
        return Optional.of(line.strip());
      }
      if (over) {
        return Optional.empty();
      }
    }
  }

  private int lastNewline() {
    for (int i = ahead.length - 1; i >= 0; i--) {
      if (ahead[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private void readChunk() throws IOException {
    if (ahead.length > MAX_LINE_LENGTH) {
      throw new IOException("it has a line of more than 64 MB");
    }
    int length = (int) Math.min(Math.max(chunk, ahead.length), start);
    ByteBuffer bytes = ByteBuffer.allocate(length + ahead.length);
    bytes.limit(length);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, start - length + bytes.position()) < 0) {
        throw new IOException("it was cut while it was read");
      }
    }
    bytes.limit(bytes.capacity());
    bytes.put(ahead);
    ahead = bytes.array();
    start -= length;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
