package dev.tapline.spi.config;

import java.nio.file.Path;

/// A place for data.
public sealed interface Location {
  /// A file or folder of this machine, absolute.
  record Local(Path path) implements Location {
    @Override
    public String toString() {
      return path.toString();
    }
  }

  /// A place elsewhere, as in `s3://bucket/folder`: a scheme and what follows it.
  ///
  /// @param scheme in lower case
  /// @param rest what follows `://`, without a slash at its end
  record Remote(String scheme, String rest) implements Location {
    @Override
    public String toString() {
      return scheme + "://" + rest;
    }
  }
}
