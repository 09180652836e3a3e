package dev.tapline.source.postgres.replication.facts;

import java.util.ArrayList;
import java.util.List;

/// Which operations on a table come through the log, as letters: `i`, `u`, `d`, `t`.
public final class PublishedOperations {
  /// All of them.
  public static final String ALL = "iudt";

  private static final char TRUNCATE = 't';

  private PublishedOperations() {}

  /// Those of either.
  static String union(String one, String other) {
    return kept(ALL, letter -> one.indexOf(letter) >= 0 || other.indexOf(letter) >= 0);
  }

  /// Those of both.
  static String common(String one, String other) {
    return kept(one, letter -> other.indexOf(letter) >= 0);
  }

  /// Those of the one that the other does not have.
  static String without(String one, String other) {
    return kept(one, letter -> other.indexOf(letter) < 0);
  }

  /// Whether TRUNCATE is among them.
  static boolean includeTruncate(String operations) {
    return operations.indexOf(TRUNCATE) >= 0;
  }

  /// What messages call them: `inserts, updates and deletes`.
  public static String named(String operations) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < operations.length(); i++) {
      names.add(
          switch (operations.charAt(i)) {
            case 'i' -> "inserts";
            case 'u' -> "updates";
            case 'd' -> "deletes";
            default -> "truncates";
          });
    }
    int last = names.size() - 1;
    return last < 1
        ? String.join("", names)
        : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
  }

  private interface Test {
    boolean keeps(char letter);
  }

  private static String kept(String letters, Test test) {
    StringBuilder kept = new StringBuilder();
    for (int i = 0; i < letters.length(); i++) {
      if (test.keeps(letters.charAt(i))) {
        kept.append(letters.charAt(i));
      }
    }
    return kept.toString();
  }
}
