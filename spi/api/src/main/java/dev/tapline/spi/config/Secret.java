package dev.tapline.spi.config;

import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A value that no log, message or report may show. Its [#toString()] is safe to print.
///
/// Where it comes from may give another value later: a file that is written anew when a password is
/// renewed, a program that makes tokens which expire. Whoever logs in asks for it [#anew()]. Safe
/// for several threads.
public final class Secret {
  private final Origin origin;
  private volatile @Nullable String value;

  /// Where a secret comes from.
  @FunctionalInterface
  public interface Origin {
    /// The value as it is now.
    ///
    /// @throws IOException if there is none, with the reason, in which the value does not stand
    String read() throws IOException;
  }

  /// A value that stays.
  ///
  /// @param value what to keep
  public Secret(String value) {
    this.value = value;
    this.origin = () -> value;
  }

  private Secret(@Nullable String value, Origin origin) {
    this.value = value;
    this.origin = origin;
  }

  /// A value that may be another one later. The origin is not asked before it is needed.
  public static Secret from(Origin origin) {
    return new Secret(null, origin);
  }

  /// A value that may be another one later, and is known as of now.
  public static Secret from(String value, Origin origin) {
    return new Secret(value, origin);
  }

  /// The value as it is now, for a login: its origin is asked each time.
  ///
  /// @throws IOException if it cannot be had, with the reason
  public String anew() throws IOException {
    String read = origin.read();
    value = read;
    return read;
  }

  /// The value as it was last known, for the one call that needs it.
  ///
  /// @throws java.io.UncheckedIOException if it was never known and cannot be had
  public String reveal() {
    @Nullable String known = value;
    if (known != null) {
      return known;
    }
    try {
      return anew();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e.getMessage(), e);
    }
  }

  /// Whether both have the same value, as it was last known, or else the same origin.
  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof Secret secret)) {
      return false;
    }
    return (value == null && secret.value == null)
        ? origin.equals(secret.origin)
        : Objects.equals(secret.value, value);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(value);
  }

  /// Three asterisks.
  @Override
  public String toString() {
    return "***";
  }
}
