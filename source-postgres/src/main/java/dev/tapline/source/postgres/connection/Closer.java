package dev.tapline.source.postgres.connection;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Closes several resources, each of them even if closing another fails. The first failure is
/// thrown; later ones are suppressed by it.
public final class Closer {
  private @Nullable Throwable first;

  /// Closes all, in order.
  public static void all(Closeable... things) throws IOException {
    Closer closer = new Closer();
    for (Closeable thing : things) {
      closer.close(thing);
    }
    closer.end();
  }

  /// Closes a resource after a failure, which suppresses a failure to close.
  public static void after(Throwable failure, Closeable thing) {
    Closer closer = new Closer();
    closer.first = failure;
    closer.close(thing);
  }

  /// Closes one resource.
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

  /// Throws the first failure, if there was one.
  public void end() throws IOException {
    switch (first) {
      case null -> {}
      case IOException e -> throw e;
      case RuntimeException e -> throw e;
      default -> throw new IllegalStateException(first);
    }
  }
}
