package dev.tapline.engine;

import java.io.IOException;

/// Something was given up since the run is to stop.
public final class StoppedException extends IOException {
  private static final long serialVersionUID = 1L;

  public StoppedException(String message, Throwable cause) {
    super(message, cause);
  }
}
