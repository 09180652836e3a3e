package dev.tapline.source.postgres.incremental;

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

/// Remembers the rows at the end of what was read by key, so that they are not copied again when
/// the next read begins there. It keeps digests of what the server sends, so that a changed row
/// counts as another row. Equal rows are counted.
///
/// It remembers [#MAX_ROWS] at the most, and knows when there were more. One thread at a time.
final class SeenRows {
  /// How many rows are remembered.
  static final int MAX_ROWS = 20_000;

  private static final int DIGEST_BYTES = 12;

  private final Map<String, Integer> before = new HashMap<>();
  private final Deque<Row> window = new ArrayDeque<>();
  private final MessageDigest digester;
  private final double reach;
  private byte[] lastKey = {};
  private boolean forgotten;
  private double lastForgotten = Double.NEGATIVE_INFINITY;

  private record Row(String digest, double rank, boolean ahead) {}

  /// @param seen what [#rows()] and [#ahead()] of an earlier one have said, separated by a comma
  /// @param reach how far behind the last key rows are remembered, in the unit of the ranks; 0 for
  ///   rows of the last key alone
  SeenRows(String seen, double reach) {
    this.reach = reach;
    for (String digest : seen.split(",", -1)) {
      if (!digest.isEmpty()) {
        before.merge(digest, 1, Integer::sum);
      }
    }
    this.digester = digester();
  }

  private static MessageDigest digester() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /// A digest of a text, as those of rows are.
  static String digest(String text) {
    return shortened(digester().digest(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static String shortened(byte[] digest) {
    return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(digest, DIGEST_BYTES));
  }

  /// Whether the row is new; it is remembered from then on.
  ///
  /// @param message holds the row between `from` and `to`
  /// @param key what rows of the same key share, and no others
  /// @param rank where the key stands among others; any number when the reach is 0
  /// @param ahead whether the next read begins below this row, whatever its key is
  boolean isNew(byte[] message, int from, int to, byte[] key, double rank, boolean ahead) {
    digester.update(message, from, to - from);
    String digest = shortened(digester.digest());
    if (!ahead) {
      moveTo(key, rank);
    }
    if (window.size() < MAX_ROWS) {
      window.addLast(new Row(digest, rank, ahead));
    } else {
      forgotten = true;
      lastForgotten = rank;
      if (reach > 0) {
        // Later rows are nearer to where the next read begins.
        lastForgotten = window.removeFirst().rank();
        window.addLast(new Row(digest, rank, ahead));
      }
    }
    @Nullable Integer count = before.get(digest);
    if (count == null || count == 0) {
      return true;
    }
    before.put(digest, count - 1);
    return false;
  }

  private void moveTo(byte[] key, double rank) {
    if (reach > 0) {
      keepFrom(rank - reach);
    } else if (!Arrays.equals(key, lastKey)) {
      window.clear();
      forgotten = false;
      lastKey = key;
    }
  }

  /// Forgets the rows of a lower rank, which no later read will bring.
  void keepFrom(double rank) {
    while (!window.isEmpty() && window.getFirst().rank() < rank) {
      window.removeFirst();
    }
    if (lastForgotten < rank) {
      forgotten = false;
    }
  }

  /// Whether there are more rows than it remembers.
  boolean isForgetful() {
    return forgotten;
  }

  /// The rows at the end that are remembered, for a position.
  String rows() {
    return text(false);
  }

  /// The rows ahead of the end that are remembered, for a position.
  String ahead() {
    return text(true);
  }

  private String text(boolean ahead) {
    return window.stream()
        .filter(row -> row.ahead() == ahead)
        .map(Row::digest)
        .collect(Collectors.joining(","));
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
