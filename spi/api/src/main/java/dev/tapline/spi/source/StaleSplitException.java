package dev.tapline.spi.source;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// A split can never succeed any more, for example because the snapshot that it belongs to is gone.
/// The engine discards what the stream's reads of this run have brought and plans the stream anew.
public final class StaleSplitException extends IOException {
  private static final long serialVersionUID = 1L;

  /// @param message what is gone, as one sentence
  /// @param cause what the library below said
  public StaleSplitException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
