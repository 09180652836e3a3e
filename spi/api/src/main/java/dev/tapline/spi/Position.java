package dev.tapline.spi;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Where in its input a split goes on: the position that the state keeps for a stream.
///
/// To the engine it is opaque; its source gives the entries their meaning (`lsn`, `index`,
/// `updated_at`). Values are text, so that a person can read them in the state file, and must be
/// exact: a number with all its digits, a time with all its microseconds.
///
/// @param entries names and values, in the order of the names
public record Position(SortedMap<String, String> entries) {

  /// The name of the entry, if a source has one, that says what the position rests on: it is kept
  /// and compared, and not shown to people.
  public static final String FACTS = "facts";

  /// The name of the entry that says where in a log a stream goes on. People are shown it alone.
  public static final String LSN = "lsn";

  /// The name of the entry, if a stream is read by a key, that names the key's columns in its
  /// order, each in double quotes. People are shown the columns' values alone.
  public static final String KEYS = "keys";

  /// What the name of an entry begins with that holds the value of one of these columns; the
  /// column's name follows.
  public static final String KEY = "key.";

  /// The beginning: nothing was read yet.
  public static final Position START = new Position(new TreeMap<>());

  /// Copies the entries.
  public Position {
    entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
  }

  /// A position of the given entries.
  public static Position of(Map<String, String> entries) {
    return new Position(new TreeMap<>(entries));
  }

  /// A position of one entry.
  public static Position of(String name, String value) {
    return of(Map.of(name, value));
  }

  /// Whether this is [#START].
  public boolean isStart() {
    return entries.isEmpty();
  }

  /// `lsn=0/16B3748 index=4`, or `start`; without [#FACTS].
  @Override
  public String toString() {
    return isStart()
        ? "start"
        : entries.entrySet().stream()
            .filter(entry -> !entry.getKey().equals(FACTS))
            .map(entry -> entry.getKey() + "=" + entry.getValue())
            .collect(Collectors.joining(" "));
  }
}
