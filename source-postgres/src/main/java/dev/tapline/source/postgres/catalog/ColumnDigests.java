package dev.tapline.source.postgres.catalog;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Records which columns a table had when a position was taken, in a form that is short enough for
/// the state: for each column, four letters of a digest of its name and type, in the order of their
/// numbers. One change in 16 million goes unnoticed.
public final class ColumnDigests {
  private static final String NONE = ".";
  private static final int BYTES = 3;
  private static final int LETTERS = 4;
  private static final Pattern TEXT =
      Pattern.compile("(?:text|character varying(?:\\(\\d+\\))?)((?:\\[])*)");
  private static final Pattern NUMERIC = Pattern.compile("numeric\\(\\d+,(-?\\d+)\\)");

  private ColumnDigests() {}

  /// What has become of columns.
  ///
  /// @param altered the names of those that have another name or type
  /// @param come the names of those that were there and did not come
  /// @param filled the names of those that were added, and of which rows that were there before may
  ///   have a value
  /// @param dropped how many were dropped
  public record Changes(List<String> altered, List<String> come, List<String> filled, int dropped) {
    public Changes {
      altered = List.copyOf(altered);
      come = List.copyOf(come);
      filled = List.copyOf(filled);
    }

    private static final Changes NONE = new Changes(List.of(), List.of(), List.of(), 0);

    /// What is to be told, in sentences that begin in the middle; nothing where no row is
    /// concerned.
    public List<String> told() {
      List<String> told = new ArrayList<>();
      if (!altered.isEmpty()) {
        told.add("its columns %s have another name or type".formatted(String.join(", ", altered)));
      }
      if (!filled.isEmpty()) {
        told.add(
            "its columns %s were added, and rows from before may have a value of them, such as a default"
                .formatted(String.join(", ", filled)));
      }
      if (dropped > 0) {
        told.add(dropped == 1 ? "a column was dropped" : dropped + " columns were dropped");
      }
      return told;
    }
  }

  /// @param columns those that come
  /// @param numbers those of all columns of the table
  public static String of(Collection<Column> columns, SortedSet<Integer> numbers) {
    Map<Integer, String> digests = new TreeMap<>();
    columns.forEach(column -> digests.put(column.number(), digest(column)));
    StringBuilder text = new StringBuilder();
    int next = 1;
    for (Map.Entry<Integer, String> entry : digests.entrySet()) {
      text.repeat(NONE, entry.getKey() - next).append(entry.getValue());
      next = entry.getKey() + 1;
    }
    int highest = numbers.isEmpty() ? 0 : numbers.last();
    return text.repeat(NONE, Math.max(0, highest + 1 - next)).toString();
  }

  /// What has become of columns.
  ///
  /// @param before those that came, as [#of] has them; empty if that is not known
  /// @param now those that come
  /// @param numbers those of all columns of the table
  public static Changes since(String before, Collection<Column> now, SortedSet<Integer> numbers) {
    if (before.isEmpty()) {
      return Changes.NONE;
    }
    Map<Integer, String> then = parse(before);
    int highest = highest(before);
    List<String> altered = new ArrayList<>();
    List<String> come = new ArrayList<>();
    List<String> filled = new ArrayList<>();
    for (Column column : now) {
      String digest = then.remove(column.number());
      if (digest == null && column.number() <= highest) {
        come.add(column.field().name());
      } else if (digest == null && column.fillsOldRows()) {
        filled.add(column.field().name());
      } else if (digest != null && !digest.equals(digest(column))) {
        altered.add(column.field().name());
      }
    }
    // One that is there and does not come any more was taken out, or its privilege.
    then.keySet().removeAll(numbers);
    return new Changes(altered, come, filled, then.size());
  }

  private static int highest(String text) {
    int number = 0;
    for (int at = 0; at < text.length(); number++) {
      at += text.startsWith(NONE, at) ? NONE.length() : LETTERS;
    }
    return number;
  }

  /// Whether a column came, by its number; true if that is not known.
  ///
  /// @param before those that came, as [#of] has them
  public static boolean mayHave(String before, int number) {
    return before.isEmpty() || parse(before).containsKey(number);
  }

  private static Map<Integer, String> parse(String text) {
    Map<Integer, String> digests = new TreeMap<>();
    int number = 1;
    for (int at = 0; at < text.length(); number++) {
      if (text.startsWith(NONE, at)) {
        at += NONE.length();
      } else {
        digests.put(number, text.substring(at, at + LETTERS));
        at += LETTERS;
      }
    }
    return digests;
  }

  // What a longer text or a number of more digits before the point is not told from: no value of
  // before is another one then.
  private static String kind(String type) {
    Matcher text = TEXT.matcher(type);
    if (text.matches()) {
      return "text" + text.group(1);
    }
    Matcher number = NUMERIC.matcher(type);
    return number.matches() ? "numeric " + number.group(1) : type;
  }

  private static String digest(Column column) {
    try {
      byte[] all =
          MessageDigest.getInstance("SHA-256")
              .digest(
                  (column.field().name() + "\0" + kind(column.field().sourceType()))
                      .getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(all, BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
