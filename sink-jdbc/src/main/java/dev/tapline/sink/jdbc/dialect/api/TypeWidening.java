package dev.tapline.sink.jdbc.dialect.api;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Tells by their names which types can hold all values of another.
final class TypeWidening {
  private static final List<List<String>> LADDERS =
      List.of(
          List.of("SMALLINT", "INTEGER", "BIGINT"),
          List.of("SMALLINT", "INT", "BIGINT"),
          List.of("REAL", "DOUBLE PRECISION"),
          List.of("FLOAT", "DOUBLE"));
  private static final Pattern SIZED = Pattern.compile("([A-Z ]+)\\((\\d+)(?:, ?(\\d+))?\\)(.*)");

  private TypeWidening() {}

  static boolean holds(String wideType, String narrowType, String textType) {
    String wide = wideType.toUpperCase(Locale.ROOT);
    String narrow = narrowType.toUpperCase(Locale.ROOT);
    if (wide.equals(narrow) || wideType.equals(textType)) {
      return true;
    }
    for (List<String> ladder : LADDERS) {
      if (ladder.contains(narrow) && ladder.indexOf(wide) > ladder.indexOf(narrow)) {
        return true;
      }
    }
    Matcher larger = SIZED.matcher(wide);
    Matcher smaller = SIZED.matcher(narrow);
    boolean sized = smaller.matches();
    if (sized && wide.equals((smaller.group(1) + smaller.group(4)).strip())) {
      return true; // numeric holds numeric(12,2), text of any length holds varchar(20)
    }
    return sized
        && larger.matches()
        && larger.group(1).equals(smaller.group(1))
        && larger.group(4).equals(smaller.group(4))
        && holdsSize(larger, smaller);
  }

  private static boolean holdsSize(Matcher larger, Matcher smaller) {
    int scale = number(larger.group(3));
    int narrowScale = number(smaller.group(3));
    int whole = number(larger.group(2)) - scale;
    return scale >= narrowScale && whole >= number(smaller.group(2)) - narrowScale;
  }

  private static int number(@org.jspecify.annotations.Nullable String digits) {
    return digits == null ? 0 : Integer.parseInt(digits);
  }
}
