package dev.tapline.spi;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A failure that may pass by itself: a cut connection, a server that restarts, a deadlock.
///
/// The engine answers it by closing what threw it, waiting a while, and doing the work again from
/// the last position; after the time that the pipeline allows for retries, it gives up with this as
/// the cause. Any other [IOException] ends the stream at once.
public final class TransientException extends IOException {
  private static final long serialVersionUID = 1L;

  /// @param message what failed, where, as one sentence
  /// @param cause what the library below said
  public TransientException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
