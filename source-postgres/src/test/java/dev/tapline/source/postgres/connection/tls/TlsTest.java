package dev.tapline.source.postgres.connection.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.source.postgres.fixtures.Pipeline;
import dev.tapline.source.postgres.testing.Certificates;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.spi.TransientException;
import dev.tapline.spi.catalog.Finding;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIMatcher;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.StandardConstants;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Encrypted connections to a server whose certificates are made here.
class TlsTest {
  private static final String PASSWORD = "sesame-31";

  @TempDir static Path folder;

  private static TestServer server;
  private static Certificates certificates;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start("password_encryption = 'scram-sha-256'");
    server.execute(
        "CREATE ROLE plain LOGIN PASSWORD '" + PASSWORD + "'",
        "CREATE ROLE carded LOGIN",
        "CREATE ROLE hashed LOGIN");
    certificates = new Certificates(folder);
    String past = "-days";
    certificates
        .authority("ca")
        .authority("stranger")
        .signed("good", "ca", "x", "DNS:localhost,IP:127.0.0.1", "-days", "30")
        .signed("elsewhere", "ca", "x", "DNS:db.elsewhere.example", "-days", "30")
        .signed("strange", "stranger", "x", "DNS:localhost", "-days", "30")
        .signed("expired", "ca", "x", "DNS:localhost", past, "-1")
        .signed("carded", "ca", "carded", "", "-days", "30")
        .signed("forged", "stranger", "carded", "", "-days", "30")
        .signed("old", "ca", "carded", "", past, "-1");
    certificates.openssl(
        "pkcs8",
        "-topk8",
        "-v2",
        "aes-256-cbc",
        "-in",
        "carded.key",
        "-out",
        "carded-secret.key",
        "-passout",
        "pass:" + PASSWORD);
    certificates.openssl("rsa", "-traditional", "-in", "carded.key", "-out", "carded-old.key");
    for (String name : List.of("carded-secret.key", "carded-old.key")) {
      Files.setPosixFilePermissions(
          folder.resolve(name), PosixFilePermissions.fromString("rw-------"));
    }
    Files.copy(folder.resolve("ca.crt"), server.data().resolve("ca.crt"));
    show("good");
    server.execute("ALTER SYSTEM SET ssl_ca_file = 'ca.crt'", "ALTER SYSTEM SET ssl = on");
    Files.writeString(
        server.data().resolve("pg_hba.conf"),
        """
        hostssl all carded 127.0.0.1/32 cert
        hostssl all plain 127.0.0.1/32 scram-sha-256
        host all postgres 127.0.0.1/32 trust
        """);
    server.reload();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void goodCertificate() throws IOException {
    show("good");
    server.reload();
  }

  private static void show(String name) throws IOException {
    copy(name + ".crt", "server.crt");
    copy(name + ".key", "server.key");
  }

  private static void copy(String from, String to) throws IOException {
    Path file = server.data().resolve(to);
    Files.copy(folder.resolve(from), file, StandardCopyOption.REPLACE_EXISTING);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static Map<String, Object> settings(String mode, Object... more) {
    Map<String, Object> values =
        new HashMap<>(
            Map.of(
                "host",
                "localhost",
                "port",
                server.port(),
                "database",
                "postgres",
                "user",
                "plain",
                "password",
                PASSWORD,
                "sslmode",
                mode,
                "sslrootcert",
                folder.resolve("ca.crt").toString()));
    for (int i = 0; i < more.length; i += 2) {
      values.put((String) more[i], more[i + 1]);
    }
    return values;
  }

  private static Map<String, Object> carded(String certificate, String key, Object... more) {
    Map<String, Object> values =
        settings(
            "verify-full",
            "user",
            "carded",
            "sslcert",
            folder.resolve(certificate).toString(),
            "sslkey",
            folder.resolve(key).toString());
    values.remove("password");
    for (int i = 0; i < more.length; i += 2) {
      values.put((String) more[i], more[i + 1]);
    }
    return values;
  }

  private static void works(Map<String, Object> settings) throws IOException {
    try (Pipeline pipeline = new Pipeline(settings)) {
      assertThat(pipeline.discover().findings()).isEmpty();
      assertThat(
              server.value(
                  "SELECT s.version FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid)"
                      + " WHERE a.application_name = 'tapline' AND s.ssl"))
          .startsWith("TLSv1");
    }
  }

  private static void fails(Map<String, Object> settings, String... words) throws IOException {
    try (Pipeline pipeline = new Pipeline(settings)) {
      assertThatThrownBy(pipeline::discover)
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(TransientException.class)
          .hasMessageContainingAll(words)
          .hasMessageNotContaining(PASSWORD);
      assertThat(pipeline.source.check(List.of()))
          .singleElement()
          .matches(finding -> finding.severity() == Finding.Severity.ERROR)
          .matches(finding -> finding.subject().label(false).equals("tls"));
    }
  }

  @Test
  void everyModeThatEncryptsDoes() throws Exception {
    for (String mode : List.of("prefer", "require", "verify-ca", "verify-full")) {
      works(settings(mode));
    }
    works(settings("verify-full", "channel-binding", "require"));
    // 'allow' begins without encryption, which this role may not.
    works(settings("allow"));
  }

  @Test
  void aNameThatTheCertificateIsNotForIsRefusedByVerifyFullAlone() throws Exception {
    show("elsewhere");
    server.reload();
    works(settings("verify-ca"));
    fails(
        settings("verify-full"),
        "is for db.elsewhere.example, not for 'localhost'",
        "set source.host");
  }

  @Test
  void anUnknownAuthorityIsRefusedWhereverOneIsAskedFor() throws Exception {
    show("strange");
    server.reload();
    for (String mode : List.of("require", "verify-ca", "verify-full")) {
      fails(
          settings(mode),
          "(of CN=stranger) is signed by none of the authorities in " + folder.resolve("ca.crt"),
          "set source.sslrootcert");
    }
    works(settings("prefer"));
  }

  @Test
  void anExpiredCertificateIsRefused() throws Exception {
    show("expired");
    server.reload();
    fails(settings("verify-full"), "the certificate of the server", "ended on 20", "renewed");
  }

  @Test
  void showsItsOwnCertificateWithAPlainOrAnEncryptedKey() throws Exception {
    works(carded("carded.crt", "carded.key"));
    works(carded("carded.crt", "carded-secret.key", "sslpassword", PASSWORD));
  }

  @Test
  void saysWhatIsWrongWithItsOwnCertificate() throws Exception {
    Map<String, Object> without = carded("carded.crt", "carded.key");
    without.remove("sslcert");
    without.remove("sslkey");
    fails(without, "requires a valid client certificate", "set source.sslcert and source.sslkey");
    fails(
        carded("carded.crt", "carded-secret.key"),
        "carded-secret.key is encrypted; set source.sslpassword");
    fails(
        carded("carded.crt", "carded-secret.key", "sslpassword", "guess"),
        "source.sslpassword does not open the private key");
    fails(
        carded("carded.crt", "carded-old.key"),
        "is in openssl's old form; convert it to PKCS#8: openssl pkcs8 -topk8");
    fails(carded("carded.crt", "old.key"), "does not belong to the certificate");
    fails(carded("old.crt", "old.key"), "ended on 20");
    fails(carded("good.crt", "good.key"), "refuses user 'carded'", "must be for the name carded");
    Path open = folder.resolve("open.key");
    Files.copy(folder.resolve("carded.key"), open);
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
    fails(carded("carded.crt", "open.key"), "others can read the private key", "chmod 600 " + open);
  }

  @Test
  void aCertificateThatTheServerDoesNotTrustIsNamed() throws Exception {
    try (Pipeline pipeline = new Pipeline(carded("forged.crt", "forged.key"))) {
      // The refusal may be overtaken by the end of the connection.
      assertThatThrownBy(pipeline::discover)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("client certificate");
    }
  }

  @Test
  void anEndInTheMiddleOfTheHandshakeMayPass() throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> hangUpAfterTheFirstBytes(listener));
      try (Pipeline pipeline =
          new Pipeline(settings("verify-full", "port", listener.getLocalPort()))) {
        assertThatThrownBy(pipeline::discover)
            .isInstanceOf(TransientException.class)
            .hasMessageContaining("ended the connection while encryption was agreed on");
      }
    }
  }

  @Test
  void theServerIsToldByWhichNameItWasAskedForUnlessThatIsAnAddress() throws Exception {
    assertThat(nameTold("localhost", "")).isEqualTo("localhost");
    assertThat(nameTold("127.0.0.1", "")).isEmpty();
    assertThat(nameTold("localhost", "&sslsni=0")).isEmpty();
  }

  private static String nameTold(String host, String more) throws Exception {
    certificates.openssl(
        "pkcs12",
        "-export",
        "-in",
        "good.crt",
        "-inkey",
        "good.key",
        "-out",
        "good.p12",
        "-passout",
        "pass:x");
    KeyStore store = KeyStore.getInstance(folder.resolve("good.p12").toFile(), "x".toCharArray());
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, "x".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      FutureTask<String> told = new FutureTask<>(() -> handshake(listener, context));
      Thread.ofVirtual().start(told);
      String url =
          "postgresql://plain@%s:%d/postgres?sslmode=require%s"
              .formatted(host, listener.getLocalPort(), more);
      try (Pipeline pipeline = Pipeline.at(url)) {
        assertThatThrownBy(pipeline::discover).isInstanceOf(IOException.class);
      }
      return told.get(20, TimeUnit.SECONDS);
    }
  }

  private static String handshake(ServerSocket listener, SSLContext context) throws IOException {
    String[] name = {""};
    try (Socket plain = listener.accept()) {
      plain.getInputStream().readNBytes(8);
      plain.getOutputStream().write('S');
      try (SSLSocket socket =
          (SSLSocket) context.getSocketFactory().createSocket(plain, null, plain.getPort(), true)) {
        socket.setUseClientMode(false);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setSNIMatchers(
            List.of(
                new SNIMatcher(StandardConstants.SNI_HOST_NAME) {
                  @Override
                  public boolean matches(SNIServerName asked) {
                    name[0] = ((SNIHostName) asked).getAsciiName();
                    return true;
                  }
                }));
        socket.setSSLParameters(parameters);
        socket.startHandshake();
      }
    }
    return name[0];
  }

  private static void hangUpAfterTheFirstBytes(ServerSocket listener) {
    try {
      while (true) {
        try (Socket socket = listener.accept()) {
          socket.getInputStream().readNBytes(8);
          socket.getOutputStream().write('S');
          socket.getInputStream().read();
        }
      }
    } catch (IOException e) {
      // The test is over.
      assertThat(listener.isClosed()).isTrue();
    }
  }
}
