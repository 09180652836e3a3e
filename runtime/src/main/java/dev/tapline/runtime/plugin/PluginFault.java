package dev.tapline.runtime.plugin;

import java.io.IOException;

/// A call into a plug-in has failed in a way that the plug-in does not announce. Its message names
/// the plug-in and the call.
public final class PluginFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PluginFault(String message, Throwable cause) {
    super(message, cause);
  }

  /// The same for callers of what may fail with an [IOException]: they know what to do.
  IOException checked() {
    return new IOException(getMessage(), getCause());
  }
}
