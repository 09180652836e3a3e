package dev.tapline.source.postgres.connect;

/// Where a server is.
///
/// @param host name or address
/// @param port TCP port
public record Address(String host, int port) {
  /// `host:port`.
  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
