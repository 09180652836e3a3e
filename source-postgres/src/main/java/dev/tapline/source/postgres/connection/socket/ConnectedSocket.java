package dev.tapline.source.postgres.connection.socket;

import java.net.Socket;

/// A socket that is already connected when the driver gets it, and has no TCP underneath: its
/// options are accepted and have no effect. Subclasses read with the timeout of [#getSoTimeout].
public abstract class ConnectedSocket extends Socket {
  private volatile int timeout;

  /// For those who extend it.
  protected ConnectedSocket() {}

  @Override
  public final boolean isConnected() {
    return true;
  }

  @Override
  public final boolean isBound() {
    return true;
  }

  @Override
  public final void setSoTimeout(int milliseconds) {
    timeout = milliseconds;
  }

  @Override
  public final int getSoTimeout() {
    return timeout;
  }

  @Override
  public final void setTcpNoDelay(boolean on) {
    // What is written is sent at once.
  }

  @Override
  public final boolean getTcpNoDelay() {
    return true;
  }

  @Override
  public final void setKeepAlive(boolean on) {
    // Whoever is below knows when the other end is gone.
  }

  @Override
  public final boolean getKeepAlive() {
    return true;
  }
}
