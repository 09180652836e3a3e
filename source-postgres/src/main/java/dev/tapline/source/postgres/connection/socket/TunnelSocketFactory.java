package dev.tapline.source.postgres.connection.socket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/// Where pgjdbc gets sockets from that are already connected. The driver never resolves an address:
/// names are resolved where the sockets lead to, and may be known only there.
public final class TunnelSocketFactory extends SocketFactory {
  private final Connector connector;

  @FunctionalInterface
  public interface Connector {
    /// A connected socket.
    Socket connect() throws IOException;
  }

  /// Made by pgjdbc.
  ///
  /// @param ticket of the [Connector]
  public TunnelSocketFactory(String ticket) {
    this.connector = FactoryArguments.get(ticket, Connector.class);
  }

  @Override
  public Socket createSocket() throws IOException {
    return connector.connect();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connector.connect();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return connector.connect();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connector.connect();
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
      throws IOException {
    return connector.connect();
  }
}
