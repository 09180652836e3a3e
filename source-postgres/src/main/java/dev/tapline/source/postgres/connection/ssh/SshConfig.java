package dev.tapline.source.postgres.connection.ssh;

import dev.tapline.spi.config.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The way to the database's server through one SSH server, or through several.
///
/// @param hops the servers to log in to, each reached through the one before; the last one reaches
///   the database
/// @param knownHosts the file with the host keys that are trusted
/// @param hostKeys which host keys are trusted beyond these
/// @param keepAlive how long the connection may be silent before the server is asked for a sign of
///   life
/// @param connectTimeout how long to wait for each server
public record SshConfig(
    List<Hop> hops,
    Path knownHosts,
    HostKeyPolicy hostKeys,
    Duration keepAlive,
    Duration connectTimeout) {

  public SshConfig {
    hops = List.copyOf(hops);
  }

  /// What to do with the key of a server.
  public enum HostKeyPolicy {
    /// Trust it only if the file of known hosts has it.
    STRICT,
    /// Trust the key of a server that the file does not know at all, and add it there.
    ACCEPT_NEW
  }

  /// A server to log in to.
  ///
  /// @param section the keys that say so, for messages: `source.ssh`
  /// @param host name or address
  /// @param port TCP port
  /// @param user who logs in
  /// @param privateKey the file of the key, if one is given
  /// @param passphrase what the key is encrypted with
  /// @param password the user's password, if one is given
  /// @param agent whether the keys of an SSH agent are used
  public record Hop(
      String section,
      String host,
      int port,
      String user,
      Optional<Path> privateKey,
      Optional<Secret> passphrase,
      Optional<Secret> password,
      boolean agent) {

    /// `host:port`, for messages.
    String address() {
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /// `the SSH server at host:port`.
    String label() {
      return "the SSH server at " + address();
    }
  }
}
