package dev.tapline.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A data file in a local folder.
public final class LocalFile implements DataFile {
  private final Path path;
  private final FileChannel channel;
  private final WriteBehind writeBehind;
  private final OutputStream out = new ChannelStream();
  private long size;
  private boolean abandoned;

  /// Creates the file.
  ///
  /// @throws IOException if it exists already or cannot be created
  public LocalFile(Path path) throws IOException {
    this.path = path;
    try {
      channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw FileErrors.explain("cannot make", path, e);
    }
    writeBehind = new WriteBehind(channel);
  }

  /// The path of the file.
  public Path path() {
    return path;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public OutputStream stream() {
    return out;
  }

  @Override
  public void abandon() {
    abandoned = true;
  }

  @Override
  public void finish() throws IOException {
    try {
      writeBehind.await();
      channel.force(true);
      channel.close();
    } catch (IOException e) {
      throw FileErrors.explain("cannot write", path, e);
    }
  }

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
        throw FileErrors.explain("cannot write", path, e);
      }
    }
  }
}
