package dev.tapline.runtime.engine;

import java.io.IOException;

/// Something was given up since the run is to stop.
final class StoppedException extends IOException {
  private static final long serialVersionUID = 1L;

  StoppedException(String message, Throwable cause) {
    super(message, cause);
  }
}
