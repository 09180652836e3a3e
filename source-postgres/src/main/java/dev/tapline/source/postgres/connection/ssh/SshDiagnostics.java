package dev.tapline.source.postgres.connection.ssh;

import com.jcraft.jsch.JSchAlgoNegoFailException;
import com.jcraft.jsch.JSchChangedHostKeyException;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.JSchHostKeyException;
import com.jcraft.jsch.JSchRevokedHostKeyException;
import com.jcraft.jsch.JSchUnknownHostKeyException;
import dev.tapline.source.postgres.connection.ssh.SshException.RetryHint;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Explains why there is no SSH connection, and what to do about it.
///
/// @param hop where it should have gone
/// @param knownHosts the file with the host keys that are trusted
/// @param shownKey the key that the server has shown, or nothing
/// @param given what there was to log in with
record SshDiagnostics(SshConfig.Hop hop, Path knownHosts, String shownKey, List<String> given) {
  private static final int PROHIBITED = 1;
  private static final int CONNECT_FAILED = 2;

  SshException explain(Exception failure) {
    if (failure instanceof JSchHostKeyException refused) {
      return new SshException(RetryHint.NONE, hostKey(refused), failure);
    }
    if (failure instanceof UncheckedIOException unwritable) {
      return new SshException(
          RetryHint.NONE,
          "the new host key of %s cannot be added to %s (%s); let it be written, or set source.ssh.known-hosts"
              .formatted(hop.label(), knownHosts, unwritable.getCause()),
          failure);
    }
    if (failure instanceof JSchAlgoNegoFailException) {
      return new SshException(
          RetryHint.NONE,
          "%s and this runtime have no algorithm in common (%s); upgrade the SSH server"
              .formatted(hop.label(), failure.getMessage()),
          failure);
    }
    String said = String.valueOf(failure.getMessage());
    if (said.startsWith("Auth ") || said.contains("Too many authentication failures")) {
      // A password that worked before is being renewed, there or here.
      return new SshException(
          hop.password().isPresent() ? RetryHint.IF_IT_WORKED_BEFORE : RetryHint.NONE,
          login(said),
          failure);
    }
    return network(failure, said);
  }

  private String hostKey(JSchHostKeyException refused) {
    String keyscan = "ssh-keyscan -p %d %s >> %s".formatted(hop.port(), hop.host(), knownHosts);
    return switch (refused) {
      case JSchChangedHostKeyException e ->
          "%s shows another host key (%s) than %s has: somebody may be between, or the server was set up anew; only if its administrator confirms the key: ssh-keygen -R '%s' -f %s && %s"
              .formatted(
                  hop.label(),
                  shownKey,
                  knownHosts,
                  hop.port() == 22 ? hop.host() : "[" + hop.host() + "]:" + hop.port(),
                  knownHosts,
                  keyscan);
      case JSchRevokedHostKeyException e ->
          "%s shows a host key (%s) that %s has as revoked; ask its administrator for a new one"
              .formatted(hop.label(), shownKey, knownHosts);
      case JSchUnknownHostKeyException e ->
          "the host key of %s (%s) is not in %s; if that is the right one: %s, or set source.ssh.host-key: accept-new"
              .formatted(hop.label(), shownKey, knownHosts, keyscan);
      default ->
          "the host key of %s (%s) is not accepted (%s)"
              .formatted(hop.label(), shownKey, refused.getMessage());
    };
  }

  private String login(String said) {
    int quote = said.indexOf('\'');
    String offered =
        quote < 0 ? "" : "; it accepts " + said.substring(quote + 1, said.length() - 1);
    String key =
        hop.privateKey()
            .map(file ->
                "ssh-copy-id -i %s -p %d %s@%s, or correct %s.user and .private-key"
                    .formatted(file, hop.port(), hop.user(), hop.host(), hop.section()))
            .orElse("correct %s.user, .private-key and .password".formatted(hop.section()));
    return "%s refuses user '%s' with %s%s; %s"
        .formatted(hop.label(), hop.user(), String.join(" and ", given), offered, key);
  }

  private SshException network(Exception failure, String said) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      @Nullable String message =
          switch (cause) {
            case SshException e -> e.getMessage();
            case UnknownHostException e ->
                "the SSH server's name '%s' is not known; correct %s.host, or look at the name service"
                    .formatted(hop.host(), hop.section());
            case SocketTimeoutException e -> silent();
            case NoRouteToHostException e -> "there is no route to " + hop.label();
            case ConnectException e ->
                "nothing listens at %s where %s should be; start it, or correct %s.host and .port"
                    .formatted(hop.address(), "the SSH server", hop.section());
            default -> null;
          };
      if (message != null) {
        return new SshException(RetryHint.IF_IT_WORKED_BEFORE, message, failure);
      }
    }
    if (said.contains("timeout")) {
      return new SshException(RetryHint.IF_IT_WORKED_BEFORE, silent(), failure);
    }
    return new SshException(
        RetryHint.GOOD,
        "the connection to %s broke off before the login was done (%s); it may have too many at once (MaxStartups), or %s is no SSH server"
            .formatted(hop.label(), said, hop.address()),
        failure);
  }

  private String silent() {
    return "%s does not answer in time; look at %s.host, .port and firewalls, or raise source.connect-timeout"
        .formatted(hop.label(), hop.section());
  }

  /// Why the server opens no channel to a host.
  ///
  /// @param reason the number that RFC 4254 gives to it
  SshException refusedChannel(String host, int port, int reason, @Nullable JSchException failure) {
    String target = (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    return switch (reason) {
      case PROHIBITED ->
          new SshException(
              RetryHint.NONE,
              "%s does not let user '%s' forward to %s; allow it there with AllowTcpForwarding yes and PermitOpen %s in sshd_config, and no restriction on the key in authorized_keys"
                  .formatted(hop.label(), hop.user(), target, target),
              failure);
      case CONNECT_FAILED ->
          new SshException(
              RetryHint.IF_IT_WORKED_BEFORE,
              "%s cannot reach %s; is that name known there, and does the server listen on that port for others than itself?"
                  .formatted(hop.label(), target),
              failure);
      default ->
          new SshException(
              RetryHint.GOOD,
              "%s opened no way to %s in time%s"
                  .formatted(hop.label(), target, reason > 0 ? " (reason " + reason + ")" : ""),
              failure);
    };
  }
}
