package dev.tapline.sink.jdbc.table;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/// Reads the format that preceded JSON: fields separated by bars. Each begins with a dot; a bar in
/// a field is `~1`, a tilde `~0`. Nothing writes it any more.
public final class LegacyText {
  private final Iterator<String> fields;

  private LegacyText(Iterator<String> fields) {
    this.fields = fields;
  }

  /// Tells the format from JSON, which begins with a brace.
  public static boolean matches(String text) {
    return text.startsWith(".");
  }

  /// A reader at the first field of a text.
  public static LegacyText of(String text) {
    List<String> fields = new ArrayList<>();
    for (String part : text.split("\\|", -1)) {
      fields.add((part.isEmpty() ? part : part.substring(1)).replace("~1", "|").replace("~0", "~"));
    }
    return new LegacyText(fields.iterator());
  }

  /// Returns true if there is another field.
  public boolean hasNext() {
    return fields.hasNext();
  }

  /// The next field.
  ///
  /// @throws NoSuchElementException if there is none
  public String next() {
    return fields.next();
  }

  /// The next field as a number.
  public long number() {
    return Long.parseLong(fields.next());
  }

  /// The next field as a flag, which is set unless the field is empty.
  public boolean flag() {
    return !fields.next().isEmpty();
  }

  /// The next fields as a list, which begins with its length.
  public List<String> list() {
    List<String> list = new ArrayList<>();
    for (long left = number(); left > 0; left--) {
      list.add(next());
    }
    return list;
  }
}
