package dev.tapline.sink.jdbc.table;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;

/// Names of tables that are not for users. Those of one pipeline have the same prefix.
public final class InternalTableNames {
  private static final int BYTES = 6;
  private static final int RADIX = 36;

  private final String prefix;
  private final SplittableRandom random = new SplittableRandom();

  /// @param pipeline the pipeline's name
  public InternalTableNames(String pipeline) {
    prefix = "_tl_" + hash(pipeline) + "_";
  }

  /// The prefix of all of them.
  public String prefix() {
    return prefix;
  }

  /// A new staging table.
  public synchronized String staging() {
    return prefix + "s" + Long.toUnsignedString(random.nextLong(), RADIX);
  }

  /// The table of a version that is not live yet.
  public String version(String destination, long version) {
    return prefix + "v" + hash(destination) + Long.toString(version, RADIX);
  }

  /// The table of a version that has been replaced.
  public String replaced(String destination, long version) {
    return prefix + "o" + hash(destination) + Long.toString(version, RADIX);
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
