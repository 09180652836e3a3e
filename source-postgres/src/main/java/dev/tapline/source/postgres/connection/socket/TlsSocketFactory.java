package dev.tapline.source.postgres.connection.socket;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// Where pgjdbc gets the encrypted side of a socket from.
public final class TlsSocketFactory extends SSLSocketFactory {
  private final Tls tls;

  /// What to make it with.
  ///
  /// @param factory makes the sockets
  /// @param sendName whether to tell the server by which name it was asked for
  public record Tls(SSLSocketFactory factory, boolean sendName) {}

  /// Made by pgjdbc.
  ///
  /// @param ticket of the [Tls]
  public TlsSocketFactory(String ticket) {
    this.tls = FactoryArguments.get(ticket, Tls.class);
  }

  @Override
  public Socket createSocket(Socket below, String host, int port, boolean autoClose)
      throws IOException {
    SSLSocket socket = (SSLSocket) tls.factory().createSocket(below, host, port, autoClose);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setServerNames(
        tls.sendName() && isName(host) ? List.of(new SNIHostName(host)) : List.of());
    socket.setSSLParameters(parameters);
    return socket;
  }

  // RFC 6066 allows no addresses, and no name with an underscore or a dot at its end would pass.
  private static boolean isName(String host) {
    return host.matches("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?") && !host.matches("[0-9.]+");
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return tls.factory().getDefaultCipherSuites();
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return tls.factory().getSupportedCipherSuites();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return tls.factory().createSocket(host, port);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return tls.factory().createSocket(host, port, localHost, localPort);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return tls.factory().createSocket(host, port);
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
      throws IOException {
    return tls.factory().createSocket(address, port, localAddress, localPort);
  }
}
