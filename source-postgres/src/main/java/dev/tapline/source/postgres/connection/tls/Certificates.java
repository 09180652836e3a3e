package dev.tapline.source.postgres.connection.tls;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads certificates and describes them for messages.
final class Certificates {
  private static final int DNS_NAME = 2;
  private static final int ADDRESS = 7;

  private Certificates() {}

  /// @param key the descriptor's key that names the file
  static List<X509Certificate> read(Path file, String key) throws TlsException {
    List<X509Certificate> certificates = new ArrayList<>();
    try (InputStream input = Files.newInputStream(file)) {
      CertificateFactory.getInstance("X.509")
          .generateCertificates(input)
          .forEach(certificate -> certificates.add((X509Certificate) certificate));
    } catch (IOException e) {
      throw new TlsException(
          "the file %s cannot be read (%s); correct %s"
              .formatted(file, e.getClass().getSimpleName(), key),
          e);
    } catch (CertificateException e) {
      throw new TlsException(
          "%s holds no certificate in PEM or DER form; correct %s".formatted(file, key), e);
    }
    if (certificates.isEmpty()) {
      throw new TlsException("%s holds no certificate; correct %s".formatted(file, key), null);
    }
    return certificates;
  }

  /// The day, as in `2026-11-21`.
  static String day(Instant moment) {
    return DateTimeFormatter.ISO_LOCAL_DATE.format(moment.atOffset(ZoneOffset.UTC));
  }

  /// The names that a certificate is for, as in `db.example.com, 10.0.0.1`.
  static String names(X509Certificate certificate) {
    List<String> names = new ArrayList<>();
    try {
      @Nullable Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
      if (alternatives != null) {
        for (List<?> name : alternatives) {
          if (name.getFirst() instanceof Integer type && (type == DNS_NAME || type == ADDRESS)) {
            names.add(String.valueOf(name.get(1)));
          }
        }
      }
    } catch (CertificateException e) {
      return certificate.getSubjectX500Principal().getName();
    }
    return names.isEmpty()
        ? certificate.getSubjectX500Principal().getName()
        : String.join(", ", names);
  }
}
