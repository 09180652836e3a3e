package dev.tapline.cli.descriptor;

import java.util.Comparator;

/// A place in a file.
///
/// @param line from 1
/// @param column from 1
record FileLocation(int line, int column) implements Comparable<FileLocation> {
  static final FileLocation START = new FileLocation(1, 1);

  private static final Comparator<FileLocation> ORDER =
      Comparator.comparingInt(FileLocation::line).thenComparingInt(FileLocation::column);

  @Override
  public int compareTo(FileLocation other) {
    return ORDER.compare(this, other);
  }
}
