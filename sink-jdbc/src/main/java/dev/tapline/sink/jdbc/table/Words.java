package dev.tapline.sink.jdbc.table;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/// Words in one text, separated by a bar, as it is kept in the state and in the destination.
public final class Words {
  private final StringBuilder text = new StringBuilder();

  /// Adds a word.
  public Words add(String word) {
    if (!text.isEmpty()) {
      text.append('|');
    }
    // An empty word must not vanish.
    text.append('.').append(word.replace("~", "~0").replace("|", "~1"));
    return this;
  }

  /// Adds a number.
  public Words add(long number) {
    return add(Long.toString(number));
  }

  /// Adds a list with its length.
  public Words addAll(List<String> words) {
    add(words.size());
    words.forEach(this::add);
    return this;
  }

  /// The text.
  @Override
  public String toString() {
    return text.toString();
  }

  /// Reads a text of words.
  public static Reader reader(String text) {
    List<String> words = new ArrayList<>();
    for (String part : text.split("\\|", -1)) {
      words.add((part.isEmpty() ? part : part.substring(1)).replace("~1", "|").replace("~0", "~"));
    }
    return new Reader(words.iterator());
  }

  /// One word after the other.
  public static final class Reader {
    private final Iterator<String> words;

    private Reader(Iterator<String> words) {
      this.words = words;
    }

    /// Whether there is another word.
    public boolean hasNext() {
      return words.hasNext();
    }

    /// The next word.
    ///
    /// @throws NoSuchElementException if there is none
    public String next() {
      return words.next();
    }

    /// The next word as a number.
    public int number() {
      return Integer.parseInt(words.next());
    }

    /// The next word as a long number.
    public long longNumber() {
      return Long.parseLong(words.next());
    }

    /// A list that was added with its length.
    public List<String> list() {
      List<String> list = new ArrayList<>();
      int count = number();
      for (int i = 0; i < count; i++) {
        list.add(next());
      }
      return list;
    }
  }
}
