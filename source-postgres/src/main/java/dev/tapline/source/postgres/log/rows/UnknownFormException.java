package dev.tapline.source.postgres.log.rows;

import java.io.IOException;

/// A value has come in a binary form that is not known here: the log must be read again, as text.
public final class UnknownFormException extends IOException {
  private static final long serialVersionUID = 1L;

  UnknownFormException(String message) {
    super(message);
  }
}
