package dev.tapline.engine.state;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// The state cannot be used as it is; the message names the file and what to do.
public final class StateException extends IOException {
  private static final long serialVersionUID = 1L;

  StateException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
