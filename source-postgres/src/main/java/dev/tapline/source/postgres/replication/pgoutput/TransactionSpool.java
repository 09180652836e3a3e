package dev.tapline.source.postgres.replication.pgoutput;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The messages of one transaction that is still open: the first in memory, the rest in a file. It
/// is written first, then read once. For use by one thread at a time.
///
/// The file has no name: it is gone with the process, however that ends.
final class TransactionSpool implements Closeable {
  static final int BUFFER = 64 << 10;

  private final Path folder;
  // Where the first message of each begins, which is the order that they are in.
  private final LinkedHashMap<Integer, Long> parts = new LinkedHashMap<>();
  private byte[] buffer = new byte[BUFFER];
  private int filled;
  private int taken;
  private @Nullable FileChannel file;
  private long written;
  private long read;

  /// @param folder where the file is made when it is needed
  TransactionSpool(Path folder) {
    this.folder = folder;
  }

  /// Adds a message.
  ///
  /// @param part the subtransaction that it belongs to, or the transaction itself
  /// @param kind its first byte
  /// @param data where the rest of it stands
  void add(int part, byte kind, byte[] data, int offset, int length) throws IOException {
    parts.putIfAbsent(part, written + filled);
    int total = Integer.BYTES + 1 + length;
    if (total > buffer.length - filled) {
      flush();
      if (total > buffer.length) {
        buffer = new byte[total];
      }
    }
    ByteBuffer.wrap(buffer, filled, total).putInt(1 + length).put(kind).put(data, offset, length);
    filled += total;
  }

  private void flush() throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(buffer, 0, filled);
    try {
      FileChannel channel = channel();
      while (rest.hasRemaining()) {
        written += channel.write(rest, written);
      }
    } catch (ClosedByInterruptException e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(
          "the changes of an open transaction cannot be kept in %s (%s); set source.spool to a folder with room for them, or source.streaming: false"
              .formatted(folder, e instanceof FileSystemException ? e : e.getMessage()),
          e);
    }
    filled = 0;
  }

  private FileChannel channel() throws IOException {
    FileChannel open = file;
    if (open == null) {
      Files.createDirectories(folder);
      open =
          FileChannel.open(
              folder.resolve("tapline-transaction-" + UUID.randomUUID() + ".tmp"),
              Set.of(
                  StandardOpenOption.CREATE_NEW,
                  StandardOpenOption.READ,
                  StandardOpenOption.WRITE,
                  StandardOpenOption.DELETE_ON_CLOSE));
      file = open;
    }
    return open;
  }

  /// Drops what a subtransaction has done. All that came after its first message is its own, or of
  /// subtransactions within it.
  void drop(int part) throws IOException {
    @Nullable Long start = parts.get(part);
    if (start == null) {
      return;
    }
    while (!parts.isEmpty() && parts.lastEntry().getValue() >= start) {
      parts.pollLastEntry();
    }
    if (start >= written) {
      filled = (int) (start - written);
      return;
    }
    filled = 0;
    written = start;
    channel().truncate(written);
  }

  /// Ends the writing.
  void finish() throws IOException {
    if (file != null) {
      flush();
    }
  }

  /// The next message, if there is one more; an array that is nobody else's.
  byte @Nullable [] next() throws IOException {
    if (!has(Integer.BYTES)) {
      return null;
    }
    int length = ByteBuffer.wrap(buffer, taken, Integer.BYTES).getInt();
    taken += Integer.BYTES;
    if (!has(length)) {
      throw new EOFException("the file of an open transaction has ended early");
    }
    byte[] message = new byte[length];
    System.arraycopy(buffer, taken, message, 0, length);
    taken += length;
    return message;
  }

  // Has that many bytes in the buffer, if they are there.
  private boolean has(int count) throws IOException {
    if (filled - taken >= count) {
      return true;
    }
    @Nullable FileChannel open = file;
    if (open == null) {
      return false;
    }
    byte[] target = count > buffer.length ? new byte[count] : buffer;
    System.arraycopy(buffer, taken, target, 0, filled - taken);
    filled -= taken;
    taken = 0;
    buffer = target;
    while (filled < count && read < written) {
      int most = (int) Math.min(buffer.length - filled, written - read);
      int came = open.read(ByteBuffer.wrap(buffer, filled, most), read);
      if (came < 0) {
        return false;
      }
      read += came;
      filled += came;
    }
    return filled >= count;
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
