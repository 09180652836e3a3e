package dev.tapline.engine.select;

import dev.tapline.spi.catalog.StreamName;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A pattern over `schema.table` or `database.schema.table`. In each part `*` stands for any
/// letters and `?` for one; a part in double quotes is a name as it is, dots and stars included.
public final class NamePattern {
  private final String text;
  private final List<Part> parts;

  private NamePattern(String text, List<Part> parts) {
    this.text = text;
    this.parts = parts;
  }

  private record Part(Pattern pattern, boolean exact, String literal) {}

  /// Reads a pattern.
  ///
  /// @throws IllegalArgumentException if it has not two or three parts, with a sentence that says
  ///   so
  public static NamePattern parse(String text) {
    List<Part> parts = new ArrayList<>();
    int position = 0;
    while (position <= text.length()) {
      int end = endOfPart(text, position);
      parts.add(part(text.substring(position, end), text));
      position = end + 1;
    }
    if (parts.size() < 2 || parts.size() > 3) {
      String schema = parts.size() == 1 ? "; did you mean 'public." + text + "'?" : "";
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is not a name or pattern of the form schema.table or database.schema.table"
              + schema);
    }
    return new NamePattern(text, parts);
  }

  /// How a pattern says a name as it is: in double quotes, where it has something that means more.
  public static String word(String name) {
    return name.matches("[^\\s\"*?.][^\"*?.]*(?<!\\s)") ? name : quoted(name);
  }

  /// How a pattern says a name as it is, whatever it has in it.
  public static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /// Whether the pattern means the stream.
  public boolean matches(StreamName name) {
    List<String> names =
        parts.size() == 3
            ? List.of(name.database(), name.namespace(), name.name())
            : List.of(name.namespace(), name.name());
    for (int i = 0; i < names.size(); i++) {
      if (!parts.get(i).pattern().matcher(names.get(i)).matches()) {
        return false;
      }
    }
    return true;
  }

  /// Whether the pattern means a stream that is called so before people: as `schema.table`, or with
  /// the database in front. What is not said there is not compared.
  public boolean matchesLabel(String label) {
    int last = parts.size() - 1;
    String database = parts.size() == 3 ? parts.getFirst().pattern().pattern() : ".*";
    return Pattern.compile(
            "(?:%s\\.)?%s\\.%s"
                .formatted(
                    database,
                    parts.get(last - 1).pattern().pattern(),
                    parts.get(last).pattern().pattern()),
            Pattern.DOTALL)
        .matcher(label)
        .matches();
  }

  /// Whether the pattern means tables of a schema.
  boolean matchesSchema(String database, String schema) {
    return parts.get(parts.size() - 2).pattern().matcher(schema).matches()
        && (!namesDatabase() || matchesDatabase(database));
  }

  /// Whether it says the database too.
  boolean namesDatabase() {
    return parts.size() == 3;
  }

  /// Whether the pattern, which [says the database][#namesDatabase()], means one.
  boolean matchesDatabase(String database) {
    return parts.getFirst().pattern().matcher(database).matches();
  }

  /// Whether it is a plain name without wildcards.
  public boolean isExact() {
    return parts.stream().allMatch(Part::exact);
  }

  /// How much the pattern says: of two that match one stream, the more specific one has a word in
  /// it. Names come before wildcards, then more letters before fewer.
  public int specificity() {
    int letters = parts.stream().mapToInt(part -> part.literal().length()).sum();
    long exact = parts.stream().filter(Part::exact).count();
    return (int) exact * 10_000 + parts.size() * 1_000 + letters;
  }

  /// The pattern's words, without quotes and wildcards, as `schema.table`: to look for what was
  /// meant.
  public String plain() {
    return parts.stream().map(Part::literal).collect(Collectors.joining("."));
  }

  @Override
  public String toString() {
    return text;
  }

  private static int endOfPart(String text, int from) {
    boolean quoted = false;
    for (int i = from; i < text.length(); i++) {
      if (text.charAt(i) == '"') {
        quoted = !quoted;
      } else if (text.charAt(i) == '.' && !quoted) {
        return i;
      }
    }
    if (quoted) {
      throw new IllegalArgumentException("'" + text + "' has a quote that is not closed");
    }
    return text.length();
  }

  private static Part part(String part, String text) {
    if (part.isEmpty()) {
      throw new IllegalArgumentException("'" + text + "' has an empty part");
    }
    if (part.length() > 1 && part.startsWith("\"") && part.endsWith("\"")) {
      String name = part.substring(1, part.length() - 1).replace("\"\"", "\"");
      return new Part(Pattern.compile(Pattern.quote(name), Pattern.DOTALL), true, name);
    }
    return new Part(glob(part), !isPattern(part), part.replaceAll("[*?]", ""));
  }

  /// Whether a name, taken for a pattern, would mean others too.
  public static boolean isPattern(String name) {
    return name.indexOf('*') >= 0 || name.indexOf('?') >= 0;
  }

  /// A pattern of `*` and `?` over one name.
  static Pattern glob(String text) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '*' -> regex.append(".*");
        case '?' -> regex.append('.');
        default -> regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(regex.toString(), Pattern.DOTALL);
  }
}
