package dev.tapline.source.postgres.connection.ssh;

import com.jcraft.jsch.ChannelDirectTCPIP;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A login to one SSH server, which serves any number of channels. Safe for use by several threads.
final class SshConnection implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger("ssh");
  private static final int SIGNS_OF_LIFE = 3;

  private final SshConfig.Hop hop;
  private final SshDiagnostics failures;
  private final Session session;
  private final ChannelBuffers buffers = new ChannelBuffers();
  private final int connectMillis;

  private SshConnection(
      SshConfig.Hop hop, SshDiagnostics failures, Session session, int connectMillis) {
    this.hop = hop;
    this.failures = failures;
    this.session = session;
    this.connectMillis = connectMillis;
  }

  /// Logs in.
  ///
  /// @param through the connection that leads there, if it is not reached directly
  static SshConnection open(
      SshConfig config, SshConfig.Hop hop, @Nullable SshConnection through, Path home)
      throws SshException {
    JSch jsch = new JSch();
    jsch.setInstanceLogger(new JschLogger());
    List<String> given = SshIdentities.give(jsch, hop, home);
    int millis = Math.clamp(config.connectTimeout().toMillis(), 1, Integer.MAX_VALUE);
    @Nullable KnownHosts hostKeys = null;
    try {
      hostKeys = KnownHosts.of(jsch, config);
      Session session = jsch.getSession(hop.user(), hop.host(), hop.port());
      configure(session, config, hop);
      if (through != null) {
        session.setSocketFactory(new JumpHostSocketFactory(through));
      }
      session.connect(millis);
      LOG.info("connected to {} as user '{}'", hop.label(), hop.user());
      return new SshConnection(hop, failures(config, hop, hostKeys, given), session, millis);
    } catch (JSchException | RuntimeException e) {
      throw failures(config, hop, hostKeys, given).explain(e);
    }
  }

  private static SshDiagnostics failures(
      SshConfig config, SshConfig.Hop hop, @Nullable KnownHosts keys, List<String> given) {
    return new SshDiagnostics(hop, config.knownHosts(), keys == null ? "" : keys.shown(), given);
  }

  private static void configure(Session session, SshConfig config, SshConfig.Hop hop)
      throws JSchException, SshException {
    session.setDaemonThread(true);
    session.setConfig("StrictHostKeyChecking", "yes");
    // No Kerberos, and nothing that would ask at a terminal.
    session.setConfig(
        "PreferredAuthentications",
        hop.password().isPresent() ? "publickey,password,keyboard-interactive" : "publickey");
    if (hop.password().isPresent()) {
      session.setPassword(
          SshIdentities.now(hop, hop.password().get()).getBytes(StandardCharsets.UTF_8));
    }
    session.setServerAliveInterval(Math.clamp(config.keepAlive().toMillis(), 0, Integer.MAX_VALUE));
    session.setServerAliveCountMax(SIGNS_OF_LIFE);
  }

  /// Whether channels can be opened.
  boolean isUp() {
    return session.isConnected();
  }

  /// A socket to a host as the SSH server sees it.
  Socket connect(String host, int port) throws SshException {
    ChannelBuffer buffer = new ChannelBuffer(buffers, this::lost);
    @Nullable ChannelDirectTCPIP channel = null;
    buffers.beginWait();
    try {
      channel = (ChannelDirectTCPIP) session.openChannel("direct-tcpip");
      channel.setHost(host);
      channel.setPort(port);
      channel.setOutputStream(buffer.sink());
      OutputStream output = channel.getOutputStream();
      channel.connect(connectMillis);
      if (!channel.isConnected()) {
        throw refused(host, port, channel.getExitStatus(), null);
      }
      return new ChannelSocket(
          channel, buffer, buffers, output, InetSocketAddress.createUnresolved(host, port));
    } catch (JSchException e) {
      throw refused(host, port, channel == null ? -1 : channel.getExitStatus(), e);
    } catch (IOException e) {
      throw refused(host, port, -1, new JSchException(String.valueOf(e.getMessage()), e));
    } finally {
      buffers.endWait();
    }
  }

  private SshException refused(String host, int port, int reason, @Nullable JSchException failure) {
    @Nullable IOException lost = lost();
    return lost instanceof SshException gone
        ? gone
        : failures.refusedChannel(host, port, reason, failure);
  }

  private @Nullable IOException lost() {
    return session.isConnected()
        ? null
        : new SshException(
            SshException.RetryHint.GOOD, "the connection to " + hop.label() + " was lost", null);
  }

  @Override
  public void close() {
    session.disconnect();
  }
}
