package dev.tapline.source.postgres.connection.socket;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketOption;
import jdk.net.ExtendedSocketOptions;

/// How often the other end of a silent TCP connection is probed: firewalls forget a connection
/// after some minutes of silence, and tell neither end.
///
/// @param on whether it is asked at all
/// @param idle seconds of silence before it is asked first; 0 for what the operating system does
/// @param interval seconds between two questions; 0 likewise
/// @param count how many questions without an answer end the connection; 0 likewise
public record Keepalives(boolean on, int idle, int interval, int count) {
  /// What there is unless something else is asked for: a lost connection is noticed in two minutes.
  public static final Keepalives DEFAULT = new Keepalives(true, 60, 10, 6);

  /// A socket that is not connected yet.
  public Socket socket() throws IOException {
    Socket socket = new Socket();
    try {
      set(socket);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /// Has a socket do so.
  public void set(Socket socket) throws IOException {
    socket.setKeepAlive(on);
    if (on) {
      set(socket, ExtendedSocketOptions.TCP_KEEPIDLE, idle);
      set(socket, ExtendedSocketOptions.TCP_KEEPINTERVAL, interval);
      set(socket, ExtendedSocketOptions.TCP_KEEPCOUNT, count);
    }
  }

  private static void set(Socket socket, SocketOption<Integer> option, int value)
      throws IOException {
    if (value > 0 && socket.supportedOptions().contains(option)) {
      socket.setOption(option, value);
    }
  }
}
