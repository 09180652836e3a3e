package dev.tapline.plugins;

import java.io.IOException;

/// What lies in a plug-ins folder cannot be used.
public final class PluginException extends IOException {
  private static final long serialVersionUID = 1L;

  PluginException(String message) {
    super(message);
  }
}
