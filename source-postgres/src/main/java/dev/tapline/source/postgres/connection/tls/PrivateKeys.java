package dev.tapline.source.postgres.connection.tls;

import dev.tapline.spi.config.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.jspecify.annotations.Nullable;

/// Reads private keys: PKCS#8, plain or encrypted, as PEM or DER.
final class PrivateKeys {
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");
  private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA", "DSA");

  private final Path file;
  private final Optional<Secret> password;

  private PrivateKeys(Path file, Optional<Secret> password) {
    this.file = file;
    this.password = password;
  }

  static PrivateKey read(Path file, Optional<Secret> password) throws TlsException {
    return new PrivateKeys(file, password).read();
  }

  private PrivateKey read() throws TlsException {
    byte[] content;
    try {
      refuseOpenFile();
      content = Files.readAllBytes(file);
    } catch (TlsException e) {
      throw e;
    } catch (IOException e) {
      throw new TlsException(
          "the private key %s cannot be read (%s); correct source.sslkey"
              .formatted(file, e.getClass().getSimpleName()),
          e);
    }
    String text = new String(content, StandardCharsets.ISO_8859_1);
    Matcher pem = PEM.matcher(text);
    // A file made by openssl may begin with the parameters of the curve.
    while (pem.find()) {
      String label = pem.group(1);
      if (label.equals("PRIVATE KEY")) {
        return plain(decode(pem.group(2)));
      }
      if (label.equals("ENCRYPTED PRIVATE KEY")) {
        return encrypted(decode(pem.group(2)));
      }
      if (label.endsWith(" PRIVATE KEY")) {
        throw new TlsException(
            "the private key %s is in openssl's old form; convert it to PKCS#8: openssl pkcs8 -topk8 -in %s -out %s"
                .formatted(file, file, file.resolveSibling("client-pkcs8.key")),
            null);
      }
    }
    if (text.contains("-----BEGIN")) {
      throw new TlsException(
          file + " holds no private key in PEM form; correct source.sslkey", null);
    }
    return password.isPresent() ? encrypted(content) : plain(content);
  }

  private byte[] decode(String base64) throws TlsException {
    try {
      return Base64.getMimeDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw new TlsException("the private key " + file + " is damaged", e);
    }
  }

  private PrivateKey plain(byte[] der) throws TlsException {
    @Nullable GeneralSecurityException failure = null;
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (InvalidKeySpecException e) {
        failure = e;
      } catch (GeneralSecurityException e) {
        throw new TlsException("the private key " + file + " cannot be used: " + e, e);
      }
    }
    throw new TlsException(
        "the private key %s is none in PKCS#8 form that Java knows; convert it: openssl pkcs8 -topk8 -in %s"
            .formatted(file, file),
        failure);
  }

  private String password() throws TlsException {
    try {
      return password.orElseThrow().anew();
    } catch (IOException e) {
      throw new TlsException(
          "what opens the private key " + file + " cannot be had: " + e.getMessage(), e);
    }
  }

  private PrivateKey encrypted(byte[] der) throws TlsException {
    if (password.isEmpty()) {
      throw new TlsException(
          "the private key " + file + " is encrypted; set source.sslpassword", null);
    }
    PBEKeySpec secret = new PBEKeySpec(password().toCharArray());
    try {
      EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(der);
      // For the second version of PKCS#5 the parameters, not the name, say which algorithms.
      String algorithm =
          info.getAlgName().equals("PBES2")
              ? info.getAlgParameters().toString()
              : info.getAlgName();
      Key key = SecretKeyFactory.getInstance(algorithm).generateSecret(secret);
      Cipher cipher = Cipher.getInstance(algorithm);
      cipher.init(Cipher.DECRYPT_MODE, key, info.getAlgParameters());
      return plain(info.getKeySpec(cipher).getEncoded());
    } catch (java.security.NoSuchAlgorithmException | javax.crypto.NoSuchPaddingException e) {
      throw new TlsException(
          "the private key %s is encrypted in a way that Java does not know (%s); write it anew: openssl pkcs8 -topk8 -v2 aes-256-cbc -in %s"
              .formatted(file, e.getMessage(), file),
          e);
    } catch (GeneralSecurityException | IOException e) {
      throw new TlsException(
          "source.sslpassword does not open the private key %s".formatted(file), e);
    } finally {
      secret.clearPassword();
    }
  }

  // As libpq does: a key that others can read is no secret. One of root's may be shared with a
  // group.
  private void refuseOpenFile() throws IOException {
    @Nullable PosixFileAttributeView view =
        Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (view == null) {
      return;
    }
    PosixFileAttributes attributes = view.readAttributes();
    Set<PosixFilePermission> permissions = attributes.permissions();
    boolean shared =
        permissions.contains(PosixFilePermission.GROUP_READ)
            && !attributes.owner().getName().equals("root");
    if (permissions.contains(PosixFilePermission.OTHERS_READ) || shared) {
      throw new TlsException(
          "others can read the private key %s; chmod 600 %s".formatted(file, file), null);
    }
  }
}
