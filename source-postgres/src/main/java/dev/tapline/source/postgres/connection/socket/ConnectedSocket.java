package dev.tapline.source.postgres.connection.socket;

import java.net.Socket;

/// A socket that is connected when the driver gets it, and under which there is no TCP: its options
/// mean nothing here, so they are accepted and have no effect. Whoever extends it reads with the
/// time limit that [#getSoTimeout] tells.
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
