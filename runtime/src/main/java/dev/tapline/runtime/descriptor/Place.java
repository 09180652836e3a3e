package dev.tapline.runtime.descriptor;

import java.util.Comparator;

/// A place in a file.
///
/// @param line from 1
/// @param column from 1
record Place(int line, int column) implements Comparable<Place> {
  static final Place START = new Place(1, 1);

  private static final Comparator<Place> ORDER =
      Comparator.comparingInt(Place::line).thenComparingInt(Place::column);

  @Override
  public int compareTo(Place other) {
    return ORDER.compare(this, other);
  }
}
