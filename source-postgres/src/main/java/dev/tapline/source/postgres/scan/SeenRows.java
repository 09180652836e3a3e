package dev.tapline.source.postgres.scan;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Remembers the rows at the end of what was read by key, so that they are not brought again when
/// the next read begins there: as digests of what the server sends of them, so that a row that has
/// changed is another row. Equal rows are counted.
///
/// It remembers [#MOST] at the most: more rows than that of one key, or within one lookback, come
/// again. One thread at a time.
final class SeenRows {
  /// How many rows are remembered.
  static final int MOST = 20_000;

  private static final int DIGEST_BYTES = 12;

  private final Map<String, Integer> before = new HashMap<>();
  private final Deque<Row> window = new ArrayDeque<>();
  private final MessageDigest digester;
  private final double reach;
  private byte[] lastKey = {};

  private record Row(String digest, double rank) {}

  /// @param seen what [#toString()] of an earlier one has said
  /// @param reach how far behind the last key rows are remembered, in the unit of the ranks; 0 for
  ///   rows of the last key alone
  SeenRows(String seen, double reach) {
    this.reach = reach;
    for (String digest : seen.split(",", -1)) {
      if (!digest.isEmpty()) {
        before.merge(digest, 1, Integer::sum);
      }
    }
    try {
      this.digester = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /// Whether the row is new; it is remembered from then on.
  ///
  /// @param message holds the row between `from` and `to`
  /// @param key what rows of the same key share, and no others
  /// @param rank where the key stands among others; any number when the reach is 0
  boolean isNew(byte[] message, int from, int to, byte[] key, double rank) {
    digester.update(message, from, to - from);
    String digest =
        Base64.getUrlEncoder().encodeToString(Arrays.copyOf(digester.digest(), DIGEST_BYTES));
    if (reach > 0) {
      while (!window.isEmpty() && window.getFirst().rank() < rank - reach) {
        window.removeFirst();
      }
    } else if (!Arrays.equals(key, lastKey)) {
      window.clear();
    }
    lastKey = key;
    if (window.size() < MOST) {
      window.addLast(new Row(digest, rank));
    } else if (reach > 0) {
      // Later rows are nearer to where the next read begins.
      window.removeFirst();
      window.addLast(new Row(digest, rank));
    }
    @Nullable Integer count = before.get(digest);
    if (count == null || count == 0) {
      return true;
    }
    before.put(digest, count - 1);
    return false;
  }

  /// What is remembered, for a position.
  @Override
  public String toString() {
    return window.stream().map(Row::digest).collect(Collectors.joining(","));
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
