package dev.tapline.source.postgres.connection.tls;

import dev.tapline.spi.config.Secret;
import java.nio.file.Path;
import java.util.Optional;

/// How a connection is encrypted, whom it trusts, and how the client identifies itself.
///
/// @param mode how much encryption is asked for
/// @param authorities file with the certificates of the authorities to trust, if one is given
/// @param systemAuthorities whether those of the Java platform are trusted instead
/// @param certificate file with the client's certificate and its chain, if one is given
/// @param key file with the certificate's private key, if one is given
/// @param keyPassword what the private key is encrypted with
/// @param channelBinding whether the login is bound to the encryption
/// @param sendName whether the server is told by which name it was asked for (SNI)
public record TlsConfig(
    SslMode mode,
    Optional<Path> authorities,
    boolean systemAuthorities,
    Optional<Path> certificate,
    Optional<Path> key,
    Optional<Secret> keyPassword,
    ChannelBinding channelBinding,
    boolean sendName) {

  /// Whether the server's certificate is verified. As libpq has it, `require` does so too when
  /// there are authorities to verify it by.
  public boolean verifies() {
    return switch (mode) {
      case VERIFY_CA, VERIFY_FULL -> true;
      case REQUIRE -> authorities.isPresent() || systemAuthorities;
      case DISABLE, ALLOW, PREFER -> false;
    };
  }

  /// Where the authorities are from, for messages.
  String authoritiesLabel() {
    return authorities.map(Path::toString).orElse("the Java platform's trust store");
  }
}
