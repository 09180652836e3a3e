package dev.tapline.source.postgres.connection;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/// Where a server is.
///
/// @param host name or address, or the folder of a Unix socket, which begins with a slash
/// @param port TCP port, which is also a part of the socket's name
public record Address(String host, int port) {
  /// Whether it is a Unix socket.
  public boolean isUnixSocket() {
    return host.startsWith("/");
  }

  /// The file of the Unix socket.
  Path socket() {
    return Path.of(host, ".s.PGSQL." + port);
  }

  /// `host:port` as a URL has it. The driver is given connected Unix sockets, and needs no more
  /// than a name to tell them apart.
  String inUrl() {
    return isUnixSocket()
        ? "unix-" + HexFormat.of().formatHex(host.getBytes(StandardCharsets.UTF_8)) + ":" + port
        : toString();
  }

  /// `host:port`, or the file of the Unix socket.
  @Override
  public String toString() {
    return isUnixSocket()
        ? socket().toString()
        : (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
