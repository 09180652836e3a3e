package dev.tapline.spi.source;

import dev.tapline.spi.catalog.StreamName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One stream of a split cannot be carried on; the others can. The stream keeps the place of its
/// last checkpoint, and the source keeps what follows that place. Others that end with it, each for
/// a reason of its own, are its suppressed exceptions.
public final class StreamException extends IOException {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // never serialised
  private final StreamName stream;

  /// @param stream the stream that ends here
  /// @param message why, and what to do, as one sentence
  /// @param cause what the library below said
  public StreamException(StreamName stream, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.stream = stream;
  }

  /// The stream that ends here.
  public StreamName stream() {
    return stream;
  }

  /// This exception and those of other streams that come with it.
  public List<StreamException> all() {
    List<StreamException> all = new ArrayList<>();
    all.add(this);
    for (Throwable other : getSuppressed()) {
      if (other instanceof StreamException one) {
        all.add(one);
      }
    }
    return all;
  }
}
