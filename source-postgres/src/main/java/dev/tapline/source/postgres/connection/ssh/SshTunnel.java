package dev.tapline.source.postgres.connection.ssh;

import java.io.Closeable;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The route through the SSH servers: one login to each, shared by all connections to the database,
/// and established again after it was lost. Safe for use by several threads.
public final class SshTunnel implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger("ssh");

  private final SshConfig config;
  private final Path home;
  private @Nullable CompletableFuture<Logins> current;
  private boolean closed;

  /// The logins from the last server, which leads to the database, to the first.
  private record Logins(Deque<SshConnection> connections) implements Closeable {
    boolean areUp() {
      return connections.stream().allMatch(SshConnection::isUp);
    }

    SshConnection last() {
      return connections.getFirst();
    }

    @Override
    public void close() {
      connections.forEach(SshConnection::close);
    }
  }

  /// A way that is made when it is first needed.
  ///
  /// @param home the user's home folder, where OpenSSH keeps its files
  public SshTunnel(SshConfig config, Path home) {
    this.config = config;
    this.home = home;
  }

  /// Logs in, unless that is done.
  public void open() throws IOException {
    logins();
  }

  /// A socket to a host as the last SSH server sees it.
  ///
  /// @throws SshException if there is no way, with the reason and the remedy
  public Socket connect(String host, int port) throws IOException {
    return logins().last().connect(host, port);
  }

  private Logins logins() throws IOException {
    CompletableFuture<Logins> mine = new CompletableFuture<>();
    CompletableFuture<Logins> shared = mine;
    boolean first = true;
    @Nullable Logins lost = null;
    synchronized (this) {
      if (closed) {
        throw new IOException("the source is closed");
      }
      @Nullable CompletableFuture<Logins> known = current;
      if (known != null && isUsable(known)) {
        shared = known;
        first = false;
      } else {
        if (known != null && !known.isCompletedExceptionally()) {
          lost = known.join();
        }
        current = mine;
      }
    }
    if (lost != null) {
      LOG.warn("the SSH connection was lost; making it anew");
      lost.close();
    }
    if (first) {
      make(mine);
    }
    return await(shared);
  }

  private static boolean isUsable(CompletableFuture<Logins> known) {
    return !known.isDone() || (!known.isCompletedExceptionally() && known.join().areUp());
  }

  // Outside the lock: the others who need it wait for the result, not for the lock.
  private void make(CompletableFuture<Logins> result) {
    Logins logins = new Logins(new ArrayDeque<>());
    try {
      @Nullable SshConnection through = null;
      for (SshConfig.Hop hop : config.hops()) {
        through = SshConnection.open(config, hop, through, home);
        logins.connections().push(through);
      }
      result.complete(logins);
      synchronized (this) {
        if (!closed) {
          return;
        }
      }
      logins.close();
    } catch (SshException | RuntimeException | Error e) {
      logins.close();
      result.completeExceptionally(e);
    }
  }

  private static Logins await(CompletableFuture<Logins> shared) throws IOException {
    try {
      return shared.join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw cause instanceof SshException failure
          ? failure
          : new IOException("the SSH connection cannot be made: " + cause, cause);
    }
  }

  /// Ends the logins, and with them every socket.
  @Override
  public void close() {
    @Nullable CompletableFuture<Logins> known;
    synchronized (this) {
      closed = true;
      known = current;
    }
    if (known != null && known.isDone() && !known.isCompletedExceptionally()) {
      known.join().close();
    }
  }
}
