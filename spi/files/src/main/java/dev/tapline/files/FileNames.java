package dev.tapline.files;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Names of destinations as names of files. Only what a file system refuses is changed, and so that
/// no two names become one: `/`, NUL and `%` are percent-encoded, and so is a leading dot where the
/// name would mean a folder of the system's or of this sink's.
public final class FileNames {
  /// The most bytes that the usual file systems allow.
  static final int LONGEST = 255;

  private static final String RESERVED = ".tapline";

  private FileNames() {}

  /// The name of a file or folder for a destination.
  public static String encode(String name) {
    String encoded = name.replace("%", "%25").replace("/", "%2F").replace("\0", "%00");
    boolean reserved = encoded.equals(".") || encoded.equals("..") || encoded.startsWith(RESERVED);
    return reserved ? "%2E" + encoded.substring(1) : encoded;
  }

  /// Why a name cannot be that of a file.
  ///
  /// @param suffix what the file's name has behind it
  public static Optional<String> problem(String destination, String suffix) {
    String encoded = encode(destination);
    if (encoded.isEmpty()) {
      return Optional.of("the destination's name is empty");
    }
    int length = encoded.getBytes(StandardCharsets.UTF_8).length + suffix.length();
    return length <= LONGEST
        ? Optional.empty()
        : Optional.of(
            "the destination's name makes a file name of %d bytes, and file systems allow %d"
                .formatted(length, LONGEST));
  }
}
