package dev.tapline.sink.jdbc.dialect.mysql;

import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.Field;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Distributes the bytes of a key among its columns: each gets what its values may need, and where
/// that is too much, the longest get equal shares.
final class KeyLengthAllocator {
  private static final Pattern DECLARED =
      Pattern.compile("(?:character|character varying|bit|bit varying)\\((\\d+)\\)");
  private static final int LABEL = 63;

  private final int usual;
  private final List<Request> requests = new ArrayList<>();
  private long room;

  /// @param room the bytes of the key
  /// @param usual the longest value if the source declares none
  KeyLengthAllocator(long room, int usual) {
    this.room = room;
    this.usual = usual;
  }

  private record Request(int column, int length, int width) {
    long bytes() {
      return (long) length * width;
    }
  }

  /// Subtracts the bytes of a column of fixed length.
  void subtract(int bytes) {
    room -= bytes;
  }

  /// Requests bytes for a column of variable length.
  ///
  /// @param width bytes of a character
  void request(int column, Field field, int width) {
    requests.add(new Request(column, length(field), width));
  }

  /// The longest value, as the source has declared it.
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

  /// The longest value of each column; 1 for those of fixed length.
  int[] lengths(int columns) {
    int[] lengths = new int[columns];
    java.util.Arrays.fill(lengths, 1);
    List<Request> modestFirst =
        requests.stream().sorted(Comparator.comparingLong(Request::bytes)).toList();
    int left = modestFirst.size();
    for (Request request : modestFirst) {
      long share = Math.max(request.width(), Math.min(request.bytes(), room / left));
      lengths[request.column()] = (int) (share / request.width());
      room -= (long) lengths[request.column()] * request.width();
      left--;
    }
    return lengths;
  }
}
