package dev.tapline.source.postgres.connection;

import dev.tapline.source.postgres.connection.socket.Keepalives;
import dev.tapline.source.postgres.connection.ssh.SshConfig;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How to connect to a server.
///
/// @param endpoint where the server is and who logs in
/// @param ssh the way to it through SSH, if it is not reached directly
/// @param applicationName what the server's views show
/// @param connectTimeout how long to wait for a connection
/// @param keepalives how a silent connection is kept known to firewalls
/// @param statementTimeout how long a statement may take; zero for no limit
/// @param notes requested settings that have no effect, or another one
public record ConnectionConfig(
    Endpoint endpoint,
    Optional<SshConfig> ssh,
    String applicationName,
    Duration connectTimeout,
    Keepalives keepalives,
    Duration statementTimeout,
    List<String> notes) {
  public ConnectionConfig {
    notes = List.copyOf(notes);
  }
}
