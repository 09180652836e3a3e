package dev.tapline.source.postgres.connection.ssh;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The SSH connection cannot be made, or was lost. The message is a sentence with its remedy.
public final class SshException extends IOException {
  private static final long serialVersionUID = 1L;

  /// Whether trying again can help.
  public enum Hope {
    /// Not before something is put right.
    NONE,
    /// If it worked before: a server that was there and is not may come back.
    IF_IT_WORKED_BEFORE,
    /// Yes, even the first time.
    GOOD
  }

  private final Hope hope;

  SshException(Hope hope, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.hope = hope;
  }

  /// Whether it is worth trying again.
  ///
  /// @param again whether it worked before
  public boolean mayPass(boolean again) {
    return hope == Hope.GOOD || (again && hope == Hope.IF_IT_WORKED_BEFORE);
  }
}
