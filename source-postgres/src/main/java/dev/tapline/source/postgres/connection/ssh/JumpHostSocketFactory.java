package dev.tapline.source.postgres.connection.ssh;

import com.jcraft.jsch.SocketFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/// Has JSch reach a server through a channel of another connection.
///
/// @param jumpHost the connection that leads there
record JumpHostSocketFactory(SshConnection jumpHost) implements SocketFactory {
  @Override
  public Socket createSocket(String host, int port) throws SshException {
    return jumpHost.connect(host, port);
  }

  @Override
  public InputStream getInputStream(Socket socket) throws IOException {
    return socket.getInputStream();
  }

  @Override
  public OutputStream getOutputStream(Socket socket) throws IOException {
    return socket.getOutputStream();
  }
}
