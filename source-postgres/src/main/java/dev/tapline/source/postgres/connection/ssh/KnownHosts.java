package dev.tapline.source.postgres.connection.ssh;

import com.jcraft.jsch.HostKey;
import com.jcraft.jsch.HostKeyRepository;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.UserInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The host keys that are trusted: those of an OpenSSH `known_hosts` file, to which the key of a
/// new server is added if the policy says so. JSch would rewrite the whole file; this appends a
/// line.
final class KnownHosts implements HostKeyRepository {
  private static final Logger LOG = LoggerFactory.getLogger("ssh");
  private static final Object APPENDING = new Object();

  private final HostKeyRepository known;
  private final SshConfig config;
  private String shown = "";

  private KnownHosts(HostKeyRepository known, SshConfig config) {
    this.known = known;
    this.config = config;
  }

  static KnownHosts of(JSch jsch, SshConfig config) throws JSchException {
    jsch.setKnownHosts(config.knownHosts().toString());
    KnownHosts keys = new KnownHosts(jsch.getHostKeyRepository(), config);
    jsch.setHostKeyRepository(keys);
    return keys;
  }

  /// The key that the server has shown, as people compare it: `ssh-ed25519 SHA256:...`.
  String shown() {
    return shown;
  }

  @Override
  public int check(String host, byte[] key) {
    shown = type(key) + " " + fingerprint(key);
    int found = known.check(host, key);
    if (found != NOT_INCLUDED) {
      return found;
    }
    // A server that is known by a key of another type does not become another one by offering this.
    HostKey @Nullable [] others = known.getHostKey(host, null);
    if (others != null && others.length > 0) {
      return config.hostKeys() == SshConfig.HostKeyPolicy.ACCEPT_NEW ? CHANGED : NOT_INCLUDED;
    }
    if (config.hostKeys() == SshConfig.HostKeyPolicy.STRICT) {
      return NOT_INCLUDED;
    }
    append(host, key);
    LOG.warn(
        "the host key of {} ({}) was not known and is trusted from now on; it was added to {}",
        host,
        shown,
        config.knownHosts());
    return OK;
  }

  private void append(String host, byte[] key) {
    String line = "%s %s %s\n".formatted(host, type(key), Base64.getEncoder().encodeToString(key));
    Path file = config.knownHosts();
    try {
      synchronized (APPENDING) {
        if (file.getParent() != null) {
          Files.createDirectories(file.getParent());
        }
        boolean cut = Files.exists(file) && !endsLine(file);
        Files.writeString(
            file,
            (cut ? "\n" : "") + line,
            StandardOpenOption.CREATE,
            StandardOpenOption.APPEND,
            StandardOpenOption.WRITE);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean endsLine(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    return text.isEmpty() || text.endsWith("\n");
  }

  // A key begins with the length and the name of its type.
  private static String type(byte[] key) {
    ByteBuffer buffer = ByteBuffer.wrap(key);
    int length = buffer.getInt();
    return new String(key, Integer.BYTES, length, StandardCharsets.US_ASCII);
  }

  private static String fingerprint(byte[] key) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(key);
      return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public void add(HostKey key, UserInfo user) {
    // Only check() adds.
  }

  @Override
  public void remove(String host, String type) {
    throw new UnsupportedOperationException("host keys are removed by people");
  }

  @Override
  public void remove(String host, String type, byte[] key) {
    throw new UnsupportedOperationException("host keys are removed by people");
  }

  @Override
  public String getKnownHostsRepositoryID() {
    return config.knownHosts().toString();
  }

  @Override
  public HostKey[] getHostKey() {
    return known.getHostKey();
  }

  @Override
  public HostKey[] getHostKey(String host, String type) {
    return known.getHostKey(host, type);
  }
}
