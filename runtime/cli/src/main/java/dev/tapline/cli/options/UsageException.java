package dev.tapline.cli.options;

import java.io.IOException;

/// The call is wrong in a way that only shows when the command runs. Exit code 2.
public final class UsageException extends IOException {
  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }
}
