package dev.tapline.source.postgres.connection.ssh;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// Holds what a [ChannelBuffer] has no memory for, in a file that nobody else can open. Where the
/// system allows it, the file loses its name as soon as it is open, and is gone with the process.
final class SpillFile implements Closeable {
  private @Nullable FileChannel file;
  private long written;
  private long read;

  long size() {
    return written - read;
  }

  void write(byte[] bytes, int offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
    FileChannel open = open();
    while (buffer.hasRemaining()) {
      written += open.write(buffer, written);
    }
  }

  int read(byte[] into, int offset, int length) throws IOException {
    int count = open().read(ByteBuffer.wrap(into, offset, (int) Math.min(length, size())), read);
    if (count <= 0) {
      throw new IOException("the temporary file of an SSH connection was cut short");
    }
    read += count;
    if (read == written) {
      read = 0;
      written = 0;
      open().truncate(0);
    }
    return count;
  }

  private FileChannel open() throws IOException {
    FileChannel known = file;
    if (known != null) {
      return known;
    }
    Path path = Files.createTempFile("tapline-ssh-", ".part");
    FileChannel opened =
        FileChannel.open(
            path,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    file = opened;
    return opened;
  }

  @Override
  public void close() throws IOException {
    FileChannel open = file;
    if (open != null) {
      open.close();
    }
  }
}
