package dev.tapline.spi.config;

/// A value that no log, message or report may show. Its [#toString()] is safe to print.
public final class Secret {
  private final String value;

  /// @param value what to keep
  public Secret(String value) {
    this.value = value;
  }

  /// The value, for the one call that needs it.
  public String reveal() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && secret.value.equals(value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  /// Three asterisks.
  @Override
  public String toString() {
    return "***";
  }
}
