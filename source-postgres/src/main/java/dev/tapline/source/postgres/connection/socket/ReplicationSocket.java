package dev.tapline.source.postgres.connection.socket;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;

/// A socket that can be waited on. The driver, and perhaps TLS, stand between a reader and its
/// socket; they either block or, when asked not to, look only once a second. So the reader waits
/// down here until bytes have arrived or the other side has hung up.
///
/// One thread reads and waits; another may write and close.
public final class ReplicationSocket extends Socket {
  private final Socket below;
  private final Buffered input = new Buffered();

  /// @param below the socket, connected or not
  public ReplicationSocket(Socket below) {
    this.below = below;
  }

  /// Whether bytes are there that nobody has read; asks the operating system.
  ///
  /// @throws IOException if the other side has hung up
  public boolean isReadable() throws IOException {
    return input.hasSome() || (below.getInputStream().available() > 0 && input.fill());
  }

  /// Whether the last read took all that had come, and all of it was handed on; true once for each
  /// such read.
  ///
  /// A read of a few bytes counts as well: these came while it read.
  public boolean wasEmptied() {
    return input.wasEmptied();
  }

  /// Waits for bytes.
  ///
  /// @param millis how long at the most; at least 1
  /// @return whether some are there
  /// @throws IOException if the other side has hung up
  public boolean await(int millis) throws IOException {
    if (input.hasSome()) {
      return true;
    }
    int before = below.getSoTimeout();
    below.setSoTimeout(millis);
    try {
      return input.fill();
    } catch (SocketTimeoutException e) {
      return false;
    } finally {
      below.setSoTimeout(before);
    }
  }

  /// What the socket brings, with a buffer that tells at no cost whether it holds some.
  private final class Buffered extends InputStream {
    private static final int SIZE = 64 << 10;
    private static final int FEW = 16 << 10;

    private final byte[] buffer = new byte[SIZE];
    private int start;
    private int end;
    private boolean tookAll;

    boolean wasEmptied() {
      boolean emptied = tookAll && start == end;
      if (emptied) {
        tookAll = false;
      }
      return emptied;
    }

    boolean hasSome() {
      return start < end;
    }

    boolean fill() throws IOException {
      int count = receive();
      if (count < 0) {
        throw new SocketException("the server has closed the connection");
      }
      return count > 0;
    }

    // How many bytes have come, or -1 at the end.
    private int receive() throws IOException {
      int count = below.getInputStream().read(buffer, 0, SIZE);
      if (count >= 0) {
        start = 0;
        end = count;
        tookAll = count < FEW;
      }
      return count;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      if (start == end) {
        if (length >= SIZE) {
          return below.getInputStream().read(into, offset, length);
        }
        if (receive() < 0) {
          return -1;
        }
      }
      int count = Math.min(length, end - start);
      System.arraycopy(buffer, start, into, offset, count);
      start += count;
      return count;
    }

    // Of the buffer alone: the operating system is asked by isReadable() and await().
    @Override
    public int available() {
      return end - start;
    }

    @Override
    public void close() throws IOException {
      ReplicationSocket.this.close();
    }
  }

  @Override
  public InputStream getInputStream() {
    return input;
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return below.getOutputStream();
  }

  @Override
  public void connect(SocketAddress endpoint, int timeout) throws IOException {
    below.connect(endpoint, timeout);
  }

  @Override
  public void connect(SocketAddress endpoint) throws IOException {
    below.connect(endpoint);
  }

  @Override
  public void bind(SocketAddress address) throws IOException {
    below.bind(address);
  }

  @Override
  public boolean isConnected() {
    return below.isConnected();
  }

  @Override
  public boolean isBound() {
    return below.isBound();
  }

  @Override
  public boolean isClosed() {
    return below.isClosed();
  }

  @Override
  public InetAddress getInetAddress() {
    return below.getInetAddress();
  }

  @Override
  public int getPort() {
    return below.getPort();
  }

  @Override
  public SocketAddress getRemoteSocketAddress() {
    return below.getRemoteSocketAddress();
  }

  @Override
  public void setSoTimeout(int timeout) throws SocketException {
    below.setSoTimeout(timeout);
  }

  @Override
  public int getSoTimeout() throws SocketException {
    return below.getSoTimeout();
  }

  @Override
  public void setTcpNoDelay(boolean on) throws SocketException {
    below.setTcpNoDelay(on);
  }

  @Override
  public void setKeepAlive(boolean on) throws SocketException {
    below.setKeepAlive(on);
  }

  @Override
  public boolean getKeepAlive() throws SocketException {
    return below.getKeepAlive();
  }

  @Override
  public void setReceiveBufferSize(int size) throws SocketException {
    below.setReceiveBufferSize(size);
  }

  @Override
  public int getReceiveBufferSize() throws SocketException {
    return below.getReceiveBufferSize();
  }

  @Override
  public void setSendBufferSize(int size) throws SocketException {
    below.setSendBufferSize(size);
  }

  @Override
  public int getSendBufferSize() throws SocketException {
    return below.getSendBufferSize();
  }

  @Override
  public void shutdownInput() throws IOException {
    below.shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    below.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    below.close();
  }
}
