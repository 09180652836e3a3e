package dev.tapline.files;

import java.io.IOException;
import java.util.List;

/// How prepared files become visible. Every step can be repeated after a crash, with the same
/// result.
public interface Publisher {
  /// Appends files to the visible version.
  ///
  /// @param before the destination as of the previous checkpoint
  /// @return the destination afterwards
  Marker.Destination append(String destination, List<PreparedFile> files, Marker.Destination before)
      throws IOException;

  /// Whether a file of a new version is visible already, because the version was published before a
  /// crash and the marker was not written.
  boolean isLive(PreparedFile file) throws IOException;

  /// Replaces the visible version by a new one.
  Marker.Destination replace(String destination, long version) throws IOException;

  /// Removes what a commit no longer needs once the marker is written.
  void tidy(String destination) throws IOException;
}
