package dev.tapline.source.postgres.connection.ssh;

import com.jcraft.jsch.ChannelDirectTCPIP;
import dev.tapline.source.postgres.connection.socket.ConnectedSocket;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;

/// A connected socket whose other end is beyond an SSH server. The SSH connection below has TCP
/// options and keepalives of its own.
final class ChannelSocket extends ConnectedSocket {
  private final ChannelDirectTCPIP channel;
  private final ChannelBuffer buffer;
  private final ChannelBuffers buffers;
  private final OutputStream output;
  private final SocketAddress remote;
  private volatile boolean closed;

  ChannelSocket(
      ChannelDirectTCPIP channel,
      ChannelBuffer buffer,
      ChannelBuffers buffers,
      OutputStream output,
      InetSocketAddress remote) {
    this.channel = channel;
    this.buffer = buffer;
    this.buffers = buffers;
    this.output = output;
    this.remote = remote;
  }

  @Override
  public InputStream getInputStream() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        return buffer.read(into, offset, length, getSoTimeout());
      }

      @Override
      public int available() {
        return buffer.available();
      }

      @Override
      public void close() throws IOException {
        ChannelSocket.this.close();
      }
    };
  }

  // Whoever writes may have to wait for the window, which arrives like everything else.
  @Override
  public OutputStream getOutputStream() {
    return new OutputStream() {
      @Override
      public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        buffers.beginWait();
        try {
          output.write(bytes, offset, length);
        } finally {
          buffers.endWait();
        }
      }

      @Override
      public void flush() throws IOException {
        if (closed) {
          return;
        }
        buffers.beginWait();
        try {
          output.flush();
        } finally {
          buffers.endWait();
        }
      }

      @Override
      public void close() throws IOException {
        ChannelSocket.this.close();
      }
    };
  }

  @Override
  public void close() throws IOException {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    try {
      buffer.close();
    } finally {
      channel.disconnect();
      super.close();
    }
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public SocketAddress getRemoteSocketAddress() {
    return remote;
  }

  @Override
  public void shutdownInput() throws IOException {
    buffer.close();
  }

  @Override
  public void shutdownOutput() throws IOException {
    output.close();
  }

  @Override
  public void setReceiveBufferSize(int size) throws SocketException {
    if (size <= 0) {
      throw new IllegalArgumentException("a buffer of " + size + " bytes");
    }
  }

  @Override
  public void setSendBufferSize(int size) throws SocketException {
    if (size <= 0) {
      throw new IllegalArgumentException("a buffer of " + size + " bytes");
    }
  }

  @Override
  public int getSendBufferSize() {
    return 32 << 10;
  }

  @Override
  public int getReceiveBufferSize() {
    return 128 << 10;
  }

  @Override
  public String toString() {
    return "socket through SSH to " + remote;
  }
}
