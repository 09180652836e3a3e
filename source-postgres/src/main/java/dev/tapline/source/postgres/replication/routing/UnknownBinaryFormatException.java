package dev.tapline.source.postgres.replication.routing;

import java.io.IOException;

/// A value has come in an unsupported binary form: the log must be read again, as text.
public final class UnknownBinaryFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  UnknownBinaryFormatException(String message) {
    super(message);
  }
}
