package dev.tapline.source.postgres.connection.tls;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A certificate or key cannot be used. The message includes the remedy.
public final class TlsException extends IOException {
  private static final long serialVersionUID = 1L;

  TlsException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
