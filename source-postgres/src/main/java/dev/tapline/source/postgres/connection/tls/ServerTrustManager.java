package dev.tapline.source.postgres.connection.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/// Verifies the server's certificate, or does not, and keeps it for the message that explains a
/// refusal. The driver verifies that it is for the right host.
final class ServerTrustManager extends X509ExtendedTrustManager {
  private final Optional<X509TrustManager> verifier;
  private volatile @Nullable X509Certificate shown;

  /// @param verifier what verifies it; nothing to trust any
  ServerTrustManager(Optional<X509TrustManager> verifier) {
    this.verifier = verifier;
  }

  /// The certificate that the server has shown, if it came so far.
  Optional<X509Certificate> shown() {
    return Optional.ofNullable(shown);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    shown = chain[0];
    if (verifier.isPresent()) {
      verifier.get().checkServerTrusted(chain, type);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    checkServerTrusted(chain, type);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    checkServerTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw new CertificateException("this is a client");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    checkClientTrusted(chain, type);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    checkClientTrusted(chain, type);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
