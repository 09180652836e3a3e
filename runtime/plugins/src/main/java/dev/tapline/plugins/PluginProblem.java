package dev.tapline.plugins;

/// Something that is wrong with what lies in a plug-ins folder.
///
/// @param location the jar or folder
/// @param message what is wrong and what to do, as one sentence without a final full stop
/// @param effect what follows from it
public record PluginProblem(String location, String message, Effect effect) {

  /// What follows from a problem.
  public enum Effect {
    /// The plug-in can be used all the same.
    NONE,
    /// The plug-in cannot be used; a pipeline that does not want it runs.
    UNUSABLE,
    /// Nothing should run before it is put right.
    FATAL
  }

  @Override
  public String toString() {
    return "plug-in " + location + ": " + message;
  }
}
