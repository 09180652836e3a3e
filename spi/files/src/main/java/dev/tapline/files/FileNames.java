package dev.tapline.files;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Encodes names of destinations as file names. Distinct names stay distinct. Only what file
/// systems do not allow is changed: `/`, NUL and `%` are percent-encoded, and so is a leading dot
/// if the name would be a folder of the system or of this sink.
public final class FileNames {
  /// The maximum length in bytes on common file systems.
  static final int MAX_LENGTH = 255;

  private static final String RESERVED = ".tapline";

  private FileNames() {}

  /// The file name of a destination.
  public static String encode(String name) {
    String encoded = name.replace("%", "%25").replace("/", "%2F").replace("\0", "%00");
    boolean reserved = encoded.equals(".") || encoded.equals("..") || encoded.startsWith(RESERVED);
    return reserved ? "%2E" + encoded.substring(1) : encoded;
  }

  /// Why a destination cannot have a file, or empty.
  ///
  /// @param suffix the suffix of the file name
  public static Optional<String> problem(String destination, String suffix) {
    String encoded = encode(destination);
    if (encoded.isEmpty()) {
      return Optional.of("the destination's name is empty; give the stream another name with 'as'");
    }
    int length = encoded.getBytes(StandardCharsets.UTF_8).length + suffix.length();
    return length <= MAX_LENGTH
        ? Optional.empty()
        : Optional.of(
            "the destination's name makes a file name of %d bytes, and file systems allow %d; give the stream another name with 'as'"
                .formatted(length, MAX_LENGTH));
  }
}
