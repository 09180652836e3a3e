package dev.tapline.source.postgres.connection.tls;

import java.util.Locale;

/// How a connection is protected, in libpq's words.
public enum SslMode {
  /// Never encrypted.
  DISABLE,
  /// Encrypted only if the server insists.
  ALLOW,
  /// Encrypted if the server can.
  PREFER,
  /// Encrypted, whoever the server is.
  REQUIRE,
  /// Encrypted, and the server's certificate is signed by a known authority.
  VERIFY_CA,
  /// As `VERIFY_CA`, and the certificate is for this host.
  VERIFY_FULL;

  /// The word that libpq, pgjdbc and descriptors use.
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
