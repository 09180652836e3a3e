package dev.tapline.cli.descriptor;

import java.io.IOException;
import java.util.List;

/// A descriptor cannot be run as it stands. The message has one line for each thing that is wrong,
/// each begun by `file:line:column: `, in the order of the file.
public final class DescriptorException extends IOException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  DescriptorException(List<String> problems) {
    super(String.join("\n", problems));
    this.problems = List.copyOf(problems);
  }

  /// What is wrong, as one line each.
  public List<String> problems() {
    return problems;
  }
}
