package dev.tapline.source.postgres.connection.tls;

import dev.tapline.spi.TransientException;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.net.ssl.CertPathTrustManagerParameters;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// The encryption of one connection attempt. The files are read for each attempt, so that
/// certificates can be renewed during a run.
public final class TlsAttempt {
  private final TlsConfig settings;
  private final SSLSocketFactory factory;
  private final ServerTrustManager trust;

  private TlsAttempt(TlsConfig settings, SSLSocketFactory factory, ServerTrustManager trust) {
    this.settings = settings;
    this.factory = factory;
    this.trust = trust;
  }

  /// Reads certificates and keys.
  ///
  /// @throws TlsException if one cannot be used
  public static TlsAttempt of(TlsConfig settings) throws TlsException {
    ServerTrustManager trust =
        new ServerTrustManager(
            settings.verifies() ? Optional.of(verifier(settings)) : Optional.empty());
    KeyManager @Nullable [] keys =
        settings.certificate().isPresent() && settings.key().isPresent()
            ? new KeyManager[] {
              clientKeys(settings, settings.certificate().get(), settings.key().get())
            }
            : null;
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, new TrustManager[] {trust}, null);
      return new TlsAttempt(settings, context.getSocketFactory(), trust);
    } catch (GeneralSecurityException e) {
      throw new TlsException("this Java platform cannot encrypt connections: " + e, e);
    }
  }

  /// Makes the sockets.
  public SSLSocketFactory factory() {
    return factory;
  }

  private static X509TrustManager verifier(TlsConfig settings) throws TlsException {
    try {
      TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
      if (settings.authorities().isPresent()) {
        Set<TrustAnchor> anchors =
            Certificates.read(settings.authorities().get(), "source.sslrootcert").stream()
                .map(certificate -> new TrustAnchor(certificate, null))
                .collect(Collectors.toSet());
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, null);
        parameters.setRevocationEnabled(false);
        managers.init(new CertPathTrustManagerParameters(parameters));
      } else {
        managers.init((java.security.KeyStore) null);
      }
      for (TrustManager manager : managers.getTrustManagers()) {
        if (manager instanceof X509TrustManager usable) {
          return usable;
        }
      }
      throw new TlsException("this Java platform cannot verify certificates", null);
    } catch (GeneralSecurityException e) {
      throw new TlsException(
          "the authorities of %s cannot be used: %s".formatted(settings.authoritiesLabel(), e), e);
    }
  }

  private static ClientKeyManager clientKeys(TlsConfig settings, Path certificate, Path keyFile)
      throws TlsException {
    List<X509Certificate> chain = Certificates.read(certificate, "source.sslcert");
    PrivateKey key = PrivateKeys.read(keyFile, settings.keyPassword());
    X509Certificate own = chain.getFirst();
    try {
      own.checkValidity();
    } catch (CertificateExpiredException e) {
      throw new TlsException(
          "the client certificate %s ended on %s; have it renewed"
              .formatted(certificate, Certificates.day(own.getNotAfter().toInstant())),
          e);
    } catch (CertificateNotYetValidException e) {
      throw new TlsException(
          "the client certificate %s begins only on %s; look at this machine's clock"
              .formatted(certificate, Certificates.day(own.getNotBefore().toInstant())),
          e);
    }
    if (!belongTogether(key, own)) {
      throw new TlsException(
          "the private key %s does not belong to the certificate %s; correct source.sslkey or source.sslcert"
              .formatted(keyFile, certificate),
          null);
    }
    return new ClientKeyManager(key, chain);
  }

  private static boolean belongTogether(PrivateKey key, X509Certificate certificate)
      throws TlsException {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          case "DSA" -> "SHA256withDSA";
          default -> key.getAlgorithm();
        };
    try {
      byte[] text = {1, 2, 3};
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(text);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(text);
      return signature.verify(signed);
    } catch (java.security.InvalidKeyException | SignatureException e) {
      return false;
    } catch (GeneralSecurityException e) {
      throw new TlsException("the client's private key cannot be used: " + e, e);
    }
  }

  /// Says why the encryption failed, if it did.
  ///
  /// @param server the server, in the user's words: `the server at db:5432`
  /// @param host the name that the certificate should be for
  /// @param failure what the driver threw
  public Optional<IOException> explain(String server, String host, Exception failure) {
    String said = String.valueOf(failure.getMessage());
    if (said.startsWith("The hostname ") && said.contains("could not be verified")) {
      return refused(
          "the certificate of %s is for %s, not for '%s', which sslmode verify-full asks for; set source.host to a name of it, or have the certificate made for this one"
              .formatted(server, shownNames(), host),
          failure);
    }
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      @Nullable String message =
          switch (cause) {
            case CertificateExpiredException e ->
                "the certificate of %s ended on %s; have it renewed there"
                    .formatted(
                        server,
                        shown(certificate ->
                            Certificates.day(certificate.getNotAfter().toInstant())));
            case CertificateNotYetValidException e ->
                "the certificate of %s begins only on %s; look at the clocks of both machines"
                    .formatted(
                        server,
                        shown(certificate ->
                            Certificates.day(certificate.getNotBefore().toInstant())));
            case java.security.cert.CertPathBuilderException e -> untrusted(server);
            case CertPathValidatorException e when e.getCause() == null -> untrusted(server);
            default -> null;
          };
      if (message != null) {
        return refused(message, failure);
      }
    }
    return handshake(server, failure);
  }

  private String untrusted(String server) {
    return "the certificate of %s (of %s) is signed by none of the authorities in %s; set source.sslrootcert to the file with the one that signed it%s"
        .formatted(
            server,
            shown(certificate -> certificate.getIssuerX500Principal().getName()),
            settings.authoritiesLabel(),
            server.contains(".rds.amazonaws.com")
                ? ", for RDS global-bundle.pem from https://truststore.pki.rds.amazonaws.com/"
                : "");
  }

  private Optional<IOException> handshake(String server, Exception failure) {
    boolean encrypting = String.valueOf(failure.getMessage()).startsWith("SSL error");
    for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
      String said = String.valueOf(cause.getMessage());
      if (cause instanceof SSLException && said.contains("fatal alert")) {
        return refused(alert(server, said.substring(said.lastIndexOf(' ') + 1)), failure);
      }
      boolean ended = cause instanceof EOFException || cause instanceof SocketException;
      if (encrypting && (ended || said.contains("terminated the handshake"))) {
        return Optional.of(
            new TransientException(
                "%s ended the connection while encryption was agreed on (%s)%s"
                    .formatted(
                        server,
                        said,
                        settings.certificate().isPresent()
                            ? "; its log says whether it refuses the client certificate"
                            : ""),
                failure));
      }
    }
    return Optional.empty();
  }

  private String alert(String server, String alert) {
    boolean ofCertificate = alert.contains("certificate") || alert.equals("unknown_ca");
    if (!ofCertificate) {
      return "%s and this runtime agree on no way to encrypt (%s); look at ssl_min_protocol_version and ssl_ciphers there"
          .formatted(server, alert);
    }
    return settings
        .certificate()
        .map(file ->
            "%s refuses the client certificate %s (%s); have it signed by an authority that its ssl_ca_file holds, or correct source.sslcert"
                .formatted(server, file, alert))
        .orElse(
            "%s asks for a client certificate (%s); set source.sslcert and source.sslkey"
                .formatted(server, alert));
  }

  private String shownNames() {
    return shown(Certificates::names);
  }

  private interface Fact {
    String of(X509Certificate certificate);
  }

  private String shown(Fact fact) {
    return trust.shown().map(fact::of).orElse("unknown");
  }

  private static Optional<IOException> refused(String message, Exception failure) {
    return Optional.of(new IOException(message, failure));
  }
}
