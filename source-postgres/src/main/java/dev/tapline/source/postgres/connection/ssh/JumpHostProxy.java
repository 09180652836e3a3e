package dev.tapline.source.postgres.connection.ssh;

import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Proxy;
import com.jcraft.jsch.SocketFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// Has JSch reach a server through a channel of another connection.
final class JumpHostProxy implements Proxy {
  private final SshConnection first;
  private @Nullable Socket socket;

  JumpHostProxy(SshConnection first) {
    this.first = first;
  }

  @Override
  public void connect(@Nullable SocketFactory factory, String host, int port, int timeout)
      throws SshException {
    socket = first.connect(host, port);
  }

  private Socket connected() throws JSchException {
    Socket connected = socket;
    if (connected == null) {
      throw new JSchException("not connected");
    }
    return connected;
  }

  @Override
  public @Nullable InputStream getInputStream() {
    return stream(Socket::getInputStream);
  }

  @Override
  public @Nullable OutputStream getOutputStream() {
    return stream(Socket::getOutputStream);
  }

  private interface Getter<T> {
    T of(Socket socket) throws IOException;
  }

  // JSch asks only after connect(), and takes no exception here.
  private <T> @Nullable T stream(Getter<T> getter) {
    try {
      return getter.of(connected());
    } catch (IOException | JSchException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public @Nullable Socket getSocket() {
    return socket;
  }

  @Override
  public void close() {
    Socket open = socket;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        LoggerFactory.getLogger("ssh").debug("closing the channel of a jump host", e);
      }
    }
  }
}
