package dev.tapline.sink.jdbc.dialect.mysql;

import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.Field;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Shares out what a key has room for: to each column as much as its values may need, and where
/// that is too much, to all that want more the same.
final class KeyLengthAllocator {
  private static final Pattern DECLARED =
      Pattern.compile("(?:character|character varying|bit|bit varying)\\((\\d+)\\)");
  private static final int LABEL = 63;

  private final int usual;
  private final List<Wish> wishes = new ArrayList<>();
  private long room;

  /// @param room how many bytes the key may have
  /// @param usual how long a value may be of which nothing is known
  KeyLengthAllocator(long room, int usual) {
    this.room = room;
    this.usual = usual;
  }

  private record Wish(int column, int length, int width) {
    long bytes() {
      return (long) length * width;
    }
  }

  /// Takes away what a column needs in any case.
  void take(int bytes) {
    room -= bytes;
  }

  /// A column whose values have different lengths.
  ///
  /// @param width how many bytes a character has room for
  void wish(int column, Field field, int width) {
    wishes.add(new Wish(column, length(field), width));
  }

  /// How long a value can be, as the source has declared it.
  private int length(Field field) {
    if (field.type() instanceof DataType.Enumeration) {
      return LABEL;
    }
    Matcher declared = DECLARED.matcher(field.sourceType());
    try {
      return declared.matches() ? Math.max(1, Integer.parseInt(declared.group(1))) : usual;
    } catch (NumberFormatException e) {
      return usual;
    }
  }

  /// How long the values of each column may be; 1 for those that have wished for nothing.
  int[] lengths(int columns) {
    int[] lengths = new int[columns];
    java.util.Arrays.fill(lengths, 1);
    List<Wish> modestFirst = wishes.stream().sorted(Comparator.comparingLong(Wish::bytes)).toList();
    int left = modestFirst.size();
    for (Wish wish : modestFirst) {
      long share = Math.max(wish.width(), Math.min(wish.bytes(), room / left));
      lengths[wish.column()] = (int) (share / wish.width());
      room -= (long) lengths[wish.column()] * wish.width();
      left--;
    }
    return lengths;
  }
}
