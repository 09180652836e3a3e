package dev.tapline.files;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A data file under way, written from its beginning to its end. One thread at a time.
public final class DataFile implements Closeable {
  private final Path path;
  private final FileChannel channel;
  private final WriteBehind writeBehind;
  private final OutputStream out = new ChannelStream();
  private long size;
  private boolean abandoned;

  /// Makes the file.
  ///
  /// @throws IOException if there is one already, or it cannot be made
  public DataFile(Path path) throws IOException {
    this.path = path;
    try {
      channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw Problems.explain("cannot make", path, e);
    }
    writeBehind = new WriteBehind(channel);
  }

  /// Where it is.
  public Path path() {
    return path;
  }

  /// How many bytes were written to it.
  public long size() {
    return size;
  }

  /// What writes to it, without a buffer. To close it means nothing: whether the file is complete
  /// is said by [#finish()] and [#close()].
  public OutputStream stream() {
    return out;
  }

  /// From now on nothing is written any more, whatever a library still holds and lets go of.
  public void abandon() {
    abandoned = true;
  }

  /// Ends the file: afterwards its content survives a crash of the machine.
  public void finish() throws IOException {
    try {
      writeBehind.await();
      channel.force(true);
      channel.close();
    } catch (IOException e) {
      throw Problems.explain("cannot write", path, e);
    }
  }

  /// Lets go of a file that is given up.
  @Override
  public void close() throws IOException {
    abandoned = true;
    try (channel) {
      writeBehind.await();
    }
  }

  private final class ChannelStream extends OutputStream {
    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (abandoned) {
        return;
      }
      ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
      try {
        while (buffer.hasRemaining()) {
          size += channel.write(buffer);
        }
        writeBehind.written(size);
      } catch (IOException e) {
        throw Problems.explain("cannot write", path, e);
      }
    }
  }
}
