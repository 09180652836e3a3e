package dev.tapline.engine;

/// A run cannot begin, for a reason that its user must put right; nothing was written.
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;
  private final boolean usage;

  /// @param message the reason and the remedy
  /// @param usage whether the descriptor or the call is wrong, and not the source or the
  ///   destination
  public RefusedException(String message, boolean usage) {
    super(message);
    this.usage = usage;
  }

  /// Whether the descriptor or the call is wrong.
  public boolean isUsage() {
    return usage;
  }
}
