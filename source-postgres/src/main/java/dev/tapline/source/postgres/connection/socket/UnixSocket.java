package dev.tapline.source.postgres.connection.socket;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/// A connected Unix socket as a [Socket], which is what the driver needs: Java has channels of that
/// kind, but no sockets. TCP options have no effect.
///
/// One thread reads; another may write and close.
public final class UnixSocket extends ConnectedSocket {
  private static final int MAX_AT_ONCE = 64 << 10;

  private final SocketChannel channel;
  private final Selector readable;
  private final Selector writable;
  private final Input input = new Input();
  private final Output output = new Output();

  private UnixSocket(SocketChannel channel) throws IOException {
    this.channel = channel;
    channel.configureBlocking(false);
    this.readable = Selector.open();
    this.writable = Selector.open();
    channel.register(readable, SelectionKey.OP_READ);
    channel.register(writable, SelectionKey.OP_WRITE);
  }

  /// Connects.
  ///
  /// @param path the socket's file
  public static UnixSocket connect(Path path) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(path));
      return new UnixSocket(channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static SocketException closed(Exception cause) {
    SocketException failure = new SocketException("Socket closed");
    failure.initCause(cause);
    return failure;
  }

  private final class Input extends InputStream {
    // What available() had to read to know.
    private final ByteBuffer ahead = ByteBuffer.allocate(8 << 10).limit(0);

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      if (ahead.hasRemaining()) {
        int count = Math.min(length, ahead.remaining());
        ahead.get(into, offset, count);
        return count;
      }
      ByteBuffer buffer = ByteBuffer.wrap(into, offset, Math.min(length, MAX_AT_ONCE));
      try {
        int count = channel.read(buffer);
        long wait = getSoTimeout();
        long deadline = System.nanoTime() + wait * 1_000_000;
        while (count == 0) {
          long left = wait == 0 ? 0 : (deadline - System.nanoTime() + 999_999) / 1_000_000;
          if (wait > 0 && left <= 0) {
            throw new SocketTimeoutException("Read timed out");
          }
          readable.select(left);
          readable.selectedKeys().clear();
          count = channel.read(buffer);
        }
        return count;
      } catch (ClosedChannelException | ClosedSelectorException e) {
        throw closed(e);
      }
    }

    @Override
    public int available() throws IOException {
      if (!ahead.hasRemaining()) {
        ahead.clear();
        try {
          channel.read(ahead);
        } catch (ClosedChannelException e) {
          throw closed(e);
        } finally {
          ahead.flip();
        }
      }
      return ahead.remaining();
    }

    @Override
    public void close() throws IOException {
      UnixSocket.this.close();
    }
  }

  private final class Output extends OutputStream {
    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
      try {
        while (buffer.hasRemaining()) {
          if (channel.write(buffer) == 0) {
            writable.select();
            writable.selectedKeys().clear();
          }
        }
      } catch (ClosedChannelException | ClosedSelectorException e) {
        throw closed(e);
      }
    }

    @Override
    public void close() throws IOException {
      UnixSocket.this.close();
    }
  }

  @Override
  public InputStream getInputStream() {
    return input;
  }

  @Override
  public OutputStream getOutputStream() {
    return output;
  }

  // Closing the channel first lets go of the connection, closing the selectors of who waits.
  @Override
  public void close() throws IOException {
    channel.close();
    readable.close();
    writable.close();
  }

  @Override
  public boolean isClosed() {
    return !channel.isOpen();
  }

  @Override
  public SocketAddress getRemoteSocketAddress() {
    try {
      return channel.getRemoteAddress();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void shutdownInput() throws IOException {
    channel.shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    channel.shutdownOutput();
  }

  @Override
  public void setReceiveBufferSize(int size) throws SocketException {
    set(StandardSocketOptions.SO_RCVBUF, size);
  }

  @Override
  public int getReceiveBufferSize() throws SocketException {
    return get(StandardSocketOptions.SO_RCVBUF);
  }

  @Override
  public void setSendBufferSize(int size) throws SocketException {
    set(StandardSocketOptions.SO_SNDBUF, size);
  }

  @Override
  public int getSendBufferSize() throws SocketException {
    return get(StandardSocketOptions.SO_SNDBUF);
  }

  private void set(java.net.SocketOption<Integer> option, int value) throws SocketException {
    try {
      channel.setOption(option, value);
    } catch (IOException e) {
      throw closed(e);
    }
  }

  private int get(java.net.SocketOption<Integer> option) throws SocketException {
    try {
      return channel.getOption(option);
    } catch (IOException e) {
      throw closed(e);
    }
  }
}
