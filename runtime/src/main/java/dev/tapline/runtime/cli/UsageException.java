package dev.tapline.runtime.cli;

import java.io.IOException;

/// The call is wrong in a way that only shows when the command runs. Exit code 2.
final class UsageException extends IOException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
