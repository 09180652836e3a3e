package dev.tapline.engine;

import java.io.IOException;

/// A call into a plug-in has failed in a way that the plug-in does not announce. Its message names
/// the plug-in and the call.
public final class PluginFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PluginFault(String message, Throwable cause) {
    super(message, cause);
  }

  /// The same for callers of what may fail with an [IOException]: they know what to do.
  public IOException checked() {
    return new IOException(getMessage(), getCause());
  }
}
