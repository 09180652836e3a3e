package dev.tapline.source.postgres.connection.ssh;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The SSH connection cannot be established, or was lost. The message includes the remedy.
public final class SshException extends IOException {
  private static final long serialVersionUID = 1L;

  /// Whether a retry can help.
  public enum RetryHint {
    /// Not before something is corrected.
    NONE,
    /// If it worked before: a server that is gone may come back.
    IF_IT_WORKED_BEFORE,
    /// Yes, even at the first attempt.
    GOOD
  }

  private final RetryHint retryHint;

  SshException(RetryHint retryHint, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.retryHint = retryHint;
  }

  /// Whether a retry may help.
  ///
  /// @param again whether it worked before
  public boolean mayPass(boolean again) {
    return retryHint == RetryHint.GOOD || (again && retryHint == RetryHint.IF_IT_WORKED_BEFORE);
  }
}
