package dev.tapline.sink.jsonl.files;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A data file under way.
final class PartFile implements Closeable {
  private final Path file;
  private final FileChannel channel;
  private final OutputStream out;
  private final WriteBehind writeBehind;
  private long bytesOnDisk;
  private boolean abandoned;

  PartFile(Path file, Compression compression, int level) throws IOException {
    this.file = file;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw Problems.explain("cannot make", file, e);
    }
    writeBehind = new WriteBehind(channel);
    try {
      out = compression.wrap(new ChannelStream(), level);
    } catch (IOException e) {
      channel.close();
      throw Problems.explain("cannot write", file, e);
    }
  }

  Path file() {
    return file;
  }

  /// How much has reached the file so far; a compressor holds some back.
  long bytesOnDisk() {
    return bytesOnDisk;
  }

  void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      throw Problems.explain("cannot write", file, e);
    }
  }

  /// Ends the file: afterwards it survives a crash of the machine.
  void finish() throws IOException {
    try {
      out.close();
      writeBehind.await();
      channel.force(true);
      channel.close();
    } catch (IOException e) {
      throw Problems.explain("cannot write", file, e);
    }
  }

  /// Lets go of a file that is given up, whatever the compressor still holds.
  @Override
  public void close() throws IOException {
    abandoned = true;
    try (channel) {
      out.close();
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
      while (buffer.hasRemaining()) {
        bytesOnDisk += channel.write(buffer);
      }
      writeBehind.written(bytesOnDisk);
    }
  }
}
