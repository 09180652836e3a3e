package dev.tapline.files;

import java.io.IOException;
import java.util.List;

/// How prepared files become what people see. Every step can be done again after a crash in its
/// midst, and gives the same.
public interface Placement {
  /// Adds files to what people see.
  ///
  /// @param before the destination as of the checkpoint before
  /// @return the destination as it is now
  Marker.Destination append(String destination, List<PreparedFile> files, Marker.Destination before)
      throws IOException;

  /// Whether a file that belongs to a new version is in what people see already, because the
  /// version has taken its place and the marker was not written yet.
  boolean isLive(PreparedFile file) throws IOException;

  /// Puts a new version in the place of the one before.
  Marker.Destination replace(String destination, long version) throws IOException;

  /// Removes what a commit needed and no longer needs, once the marker is written.
  void tidy(String destination) throws IOException;
}
