package dev.tapline.source.postgres.connection.tls;

import java.util.Locale;

/// Whether the login by password proves that nobody stands between, in libpq's words. It needs
/// encryption and a password that the server keeps as SCRAM.
public enum ChannelBinding {
  /// Never.
  DISABLE,
  /// Where the server can.
  PREFER,
  /// Always: a server that cannot is refused.
  REQUIRE;

  /// The word that libpq and pgjdbc use.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
