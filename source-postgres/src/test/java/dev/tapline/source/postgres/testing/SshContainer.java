package dev.tapline.source.postgres.testing;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.KeyPair;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.ImageFromDockerfile;

/// OpenSSH's server in a container, built from `.ci/sshd`, with the users `ops` and `confined`, who
/// may not forward.
public final class SshContainer extends GenericContainer<SshContainer> {
  /// The users' password.
  public static final String PASSWORD = "open-sesame-4711";

  private static final int PORT = 22;

  /// A server that is not started yet.
  ///
  /// @param authorizedKeys public keys that may log in
  /// @param hosts names that only it knows, with their addresses
  public SshContainer(List<String> authorizedKeys, Map<String, String> hosts) {
    super(
        new ImageFromDockerfile("tapline/sshd:12", false)
            .withFileFromPath(".", PostgresContainer.repository().resolve(".ci/sshd")));
    withExposedPorts(PORT);
    withEnv("SSH_PASSWORD", PASSWORD);
    withEnv("SSH_AUTHORIZED_KEYS", String.join("\n", authorizedKeys));
    hosts.forEach(this::withExtraHost);
    waitingFor(
        Wait.forLogMessage(".*Server listening on 0.0.0.0 port 22.*\\n", 1)
            .withStartupTimeout(Duration.ofSeconds(60)));
  }

  /// The port on this machine.
  public int port() {
    return getMappedPort(PORT);
  }

  /// The address of a container in the network of containers.
  public static String addressOf(GenericContainer<?> container) {
    return container.getContainerInfo().getNetworkSettings().getNetworks().values().stream()
        .map(network -> String.valueOf(network.getIpAddress()))
        .findFirst()
        .orElseThrow();
  }

  /// Runs a command in the container and returns what it printed.
  public String run(String... command) {
    try {
      return execInContainer(command).getStdout();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /// How many logins there are.
  public int logins() {
    return (int) run("pgrep", "-f", "sshd: (ops|confined)$").lines().count();
  }

  /// Ends all logins, as a firewall or a restart does.
  public void cut() {
    run("pkill", "-KILL", "-f", "sshd: (ops|confined)");
  }

  /// Writes a file of known hosts with its host keys.
  ///
  /// @param name under which it is reached: `[127.0.0.1]:2222`
  public void writeKnownHosts(Path file, String name) throws IOException {
    List<String> lines = new ArrayList<>(Files.exists(file) ? Files.readAllLines(file) : List.of());
    run("sh", "-c", "cat /etc/ssh/ssh_host_*_key.pub")
        .lines()
        .forEach(line -> lines.add(name + " " + line));
    Files.write(file, lines);
  }

  /// Makes a private key in OpenSSH's form and returns the public one.
  ///
  /// @param passphrase to encrypt it with; empty for none
  public static String makeKey(Path file, String passphrase) throws IOException {
    return makeKey(file, passphrase, KeyPair.ED25519);
  }

  /// As [#makeKey(Path, String)], of a type that [KeyPair] names.
  public static String makeKey(Path file, String passphrase, int type) throws IOException {
    try {
      KeyPair pair = KeyPair.genKeyPair(new JSch(), type);
      ByteArrayOutputStream text = new ByteArrayOutputStream();
      if (type == KeyPair.ED25519) {
        pair.writeOpenSSHv1PrivateKey(
            text, passphrase.isEmpty() ? null : passphrase.getBytes(StandardCharsets.UTF_8));
      } else {
        pair.writePrivateKey(text);
      }
      Files.write(file, text.toByteArray());
      ByteArrayOutputStream shared = new ByteArrayOutputStream();
      pair.writePublicKey(shared, "test");
      return shared.toString(StandardCharsets.UTF_8).strip();
    } catch (JSchException e) {
      throw new IOException(e);
    }
  }
}
