package dev.tapline.source.postgres.connection;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Closes several things, each of them whatever becomes of the others. The failure that came first
/// is the one that is told; the later ones are suppressed by it.
public final class Closer {
  private @Nullable Throwable first;

  /// Closes all, in their order.
  public static void all(Closeable... things) throws IOException {
    Closer closer = new Closer();
    for (Closeable thing : things) {
      closer.close(thing);
    }
    closer.end();
  }

  /// Closes what a failure has left open; that it cannot be closed is suppressed by the failure.
  public static void after(Throwable failure, Closeable thing) {
    Closer closer = new Closer();
    closer.first = failure;
    closer.close(thing);
  }

  /// Closes the next one.
  public void close(Closeable thing) {
    try {
      thing.close();
    } catch (IOException | RuntimeException e) {
      if (first == null) {
        first = e;
      } else {
        first.addSuppressed(e);
      }
    }
  }

  /// Tells the failure, if there was one.
  public void end() throws IOException {
    switch (first) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      default -> throw new IllegalStateException(first);
    }
  }
}
