package dev.tapline.source.postgres.connection.tls;

import java.util.Locale;

/// Whether a password login proves that nobody stands in between, in the words of libpq. It needs
/// encryption, and a password that the server stores as SCRAM.
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
