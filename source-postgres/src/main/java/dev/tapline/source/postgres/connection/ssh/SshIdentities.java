package dev.tapline.source.postgres.connection.ssh;

import com.jcraft.jsch.AgentIdentityRepository;
import com.jcraft.jsch.AgentProxyException;
import com.jcraft.jsch.IdentityRepository;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.KeyPair;
import com.jcraft.jsch.SSHAgentConnector;
import dev.tapline.spi.config.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Gives JSch the keys to log in with, and describes them for messages.
final class SshIdentities {
  private static final String AGENT = "SSH_AUTH_SOCK";
  private static final List<String> DEFAULTS = List.of("id_ed25519", "id_ecdsa", "id_rsa");

  private final JSch jsch;
  private final SshConfig.Hop hop;
  private final List<String> given = new ArrayList<>();

  private SshIdentities(JSch jsch, SshConfig.Hop hop) {
    this.jsch = jsch;
    this.hop = hop;
  }

  /// @return what there is to log in with, as in `the key /home/a/.ssh/id_ed25519`
  static List<String> give(JSch jsch, SshConfig.Hop hop, Path home) throws SshException {
    SshIdentities identities = new SshIdentities(jsch, hop);
    if (hop.privateKey().isPresent()) {
      identities.file(hop.privateKey().get());
    } else if (hop.agent()) {
      identities.agent(System.getenv(AGENT));
    } else if (hop.password().isEmpty()) {
      identities.defaults(home);
    }
    hop.password().ifPresent(password -> identities.given.add("a password"));
    return identities.given;
  }

  /// A secret as it is now.
  static String now(SshConfig.Hop hop, Secret secret) throws SshException {
    try {
      return secret.anew();
    } catch (IOException e) {
      throw new SshException(
          SshException.RetryHint.IF_IT_WORKED_BEFORE,
          "what %s asks for cannot be had: %s".formatted(hop.label(), e.getMessage()),
          e);
    }
  }

  private void defaults(Path home) throws SshException {
    @Nullable String socket = System.getenv(AGENT);
    if (socket != null && !socket.isEmpty()) {
      agent(socket);
      return;
    }
    for (String name : DEFAULTS) {
      Path key = home.resolve(".ssh").resolve(name);
      if (Files.isReadable(key)) {
        file(key);
      }
    }
    if (given.isEmpty()) {
      throw refused(
          "there is nothing to log in to %s with; set %s.private-key, .password or .agent"
              .formatted(hop.label(), hop.section()),
          null);
    }
  }

  private void agent(@Nullable String socket) throws SshException {
    if (socket == null || socket.isEmpty()) {
      throw refused(
          "there is no SSH agent, as %s is not set; start one (eval $(ssh-agent); ssh-add), or set %s.private-key"
              .formatted(AGENT, hop.section()),
          null);
    }
    IdentityRepository repository;
    try {
      repository = new AgentIdentityRepository(new SSHAgentConnector(Path.of(socket)));
    } catch (AgentProxyException e) {
      throw refused("the SSH agent at %s cannot be used".formatted(socket), e);
    }
    if (repository.getStatus() != IdentityRepository.RUNNING) {
      throw refused(
          "no SSH agent answers at %s, which %s names; start one, or set %s.private-key"
              .formatted(socket, AGENT, hop.section()),
          null);
    }
    int keys = repository.getIdentities().size();
    if (keys == 0 && hop.password().isEmpty()) {
      throw refused("the SSH agent at %s holds no key; ssh-add one".formatted(socket), null);
    }
    jsch.setIdentityRepository(repository);
    given.add("the SSH agent's keys (" + keys + ")");
  }

  private void file(Path file) throws SshException {
    byte[] text;
    try {
      text = Files.readAllBytes(file);
    } catch (IOException e) {
      throw refused(
          "the private key %s cannot be read (%s); correct %s.private-key"
              .formatted(file, e.getClass().getSimpleName(), hop.section()),
          e);
    }
    byte[] passphrase =
        (hop.passphrase().isPresent() ? now(hop, hop.passphrase().get()) : "")
            .getBytes(StandardCharsets.UTF_8);
    try {
      KeyPair pair = KeyPair.load(jsch, text.clone(), null);
      boolean encrypted = pair.isEncrypted();
      if (encrypted && hop.passphrase().isEmpty()) {
        throw refused(
            "the private key %s is encrypted; set %s.passphrase".formatted(file, hop.section()),
            null);
      }
      if (encrypted && !pair.decrypt(passphrase.clone())) {
        throw refused(
            "the passphrase does not open the private key %s; correct %s.passphrase"
                .formatted(file, hop.section()),
            null);
      }
      pair.dispose();
      jsch.addIdentity(file.toString(), text, null, encrypted ? passphrase : null);
    } catch (JSchException e) {
      throw refused(
          "%s is not a private key that can be used here (%s); write it anew in OpenSSH's form with: ssh-keygen -p -f %s"
              .formatted(file, String.valueOf(e.getMessage()).split(":", 2)[0], file),
          e);
    }
    given.add("the key " + file);
  }

  private static SshException refused(String message, @Nullable Throwable cause) {
    return new SshException(SshException.RetryHint.NONE, message, cause);
  }
}
