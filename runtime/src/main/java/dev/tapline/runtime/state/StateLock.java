package dev.tapline.runtime.state;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// Keeps a second run off a pipeline: a lock of the operating system, which ends with the process
/// however that ends. The file itself stays; it says which process held it last.
final class StateLock implements Closeable {
  private final FileChannel channel;

  private StateLock(FileChannel channel) {
    this.channel = channel;
  }

  static StateLock take(Path file, String pipeline) throws IOException {
    FileChannel channel;
    try {
      channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new StateException(Reasons.sentence("cannot open the lock", file, e), e);
    }
    try {
      if (tryLock(channel) == null) {
        throw new StateException(
            "pipeline '"
                + pipeline
                + "' is being run by process "
                + Files.readString(file).strip()
                + " (lock '"
                + file
                + "'); wait for it or stop it",
            null);
      }
      channel.truncate(0);
      channel.write(
          ByteBuffer.wrap(
              Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
      return new StateLock(channel);
    } catch (IOException e) {
      channel.close();
      throw e instanceof StateException
          ? e
          : new StateException(Reasons.sentence("cannot write the lock", file, e), e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held by another run in this process
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
