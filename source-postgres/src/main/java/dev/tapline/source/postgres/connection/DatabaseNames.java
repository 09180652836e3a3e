package dev.tapline.source.postgres.connection;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Maps database names to names of a restricted alphabet without letting two of them collide.
public final class DatabaseNames {
  private static final int BYTES = 4;

  private DatabaseNames() {}

  /// A name of letters, digits, `.`, `_` and `-`, that no other database's comes to.
  public static String distinct(String database) {
    String safe = database.replaceAll("[^A-Za-z0-9._-]", "_");
    return safe.equals(database) ? safe : safe + "." + hash(database);
  }

  public static String hash(String database) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(database.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
