package dev.tapline.source.postgres.codec.text;

import dev.tapline.source.postgres.codec.FieldDecoder;
import dev.tapline.spi.batch.ListColumn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Decodes the text form of arrays: `{1,NULL,"a b"}`, `{{1,2},{3,4}}`, `[0:1]={1,2}`. Elements are
/// separated by commas, as they are for every type but `box`.
final class TextListDecoder extends FieldDecoder {
  private static final int MAX_DIMENSIONS = 6;

  private final ListColumn column;
  private final FieldDecoder element;
  private final int[] lengths = new int[MAX_DIMENSIONS + 1];
  private final int[] counts = new int[MAX_DIMENSIONS + 1];
  private byte[] unquoted = new byte[64];

  TextListDecoder(ListColumn column, FieldDecoder element) {
    super(column);
    this.column = column;
    this.element = element;
  }

  @Override
  public void decode(byte[] message, int offset, int length) throws IOException {
    int end = offset + length;
    List<Integer> bounds = new ArrayList<>();
    int position =
        length > 0 && message[offset] == '[' ? bounds(message, offset, end, bounds) : offset;
    int dimensions = elements(message, position, end);
    if (dimensions == 0 || (dimensions == 1 && (bounds.isEmpty() || bounds.getFirst() == 1))) {
      column.endList();
      return;
    }
    List<Integer> sizes = new ArrayList<>(dimensions);
    for (int i = 1; i <= dimensions; i++) {
      sizes.add(lengths[i]);
      if (bounds.size() < i) {
        bounds.add(1);
      }
    }
    column.endList(new ListColumn.Dimensions(sizes, bounds));
  }

  // `[0:1][-3:-2]=`
  private static int bounds(byte[] message, int offset, int end, List<Integer> bounds)
      throws IOException {
    int position = offset;
    while (position < end && message[position] == '[') {
      position++;
      boolean negative = position < end && message[position] == '-';
      if (negative) {
        position++;
      }
      int lower = 0;
      while (position < end && message[position] != ':') {
        lower = lower * 10 + Digits.digit(message, position++);
      }
      bounds.add(negative ? -lower : lower);
      while (position < end && message[position++] != ']') {
        // The upper bound follows from the number of elements.
      }
    }
    if (position >= end || message[position] != '=') {
      throw malformed("an array whose bounds do not end");
    }
    return position + 1;
  }

  // Returns the number of dimensions: 0 for `{}`.
  private int elements(byte[] message, int offset, int end) throws IOException {
    Arrays.fill(counts, 0);
    int depth = 0;
    int dimensions = 0;
    int position = offset;
    while (position < end) {
      switch (message[position]) {
        case '{' -> {
          depth++;
          if (depth > MAX_DIMENSIONS) {
            throw malformed("an array of more than " + MAX_DIMENSIONS + " dimensions");
          }
          counts[depth] = 0;
          position++;
        }
        case '}' -> {
          lengths[depth] = counts[depth];
          depth--;
          if (depth < 0) {
            throw malformed("an array with a brace too many");
          }
          counts[depth]++;
          position++;
        }
        case ',' -> position++;
        default -> {
          counts[depth]++;
          dimensions = depth;
          position =
              message[position] == '"'
                  ? quoted(message, position + 1, end)
                  : plain(message, position, end);
        }
      }
    }
    if (depth != 0) {
      throw malformed("an array that does not end");
    }
    return dimensions;
  }

  private int plain(byte[] message, int offset, int end) throws IOException {
    int position = offset;
    while (position < end && message[position] != ',' && message[position] != '}') {
      position++;
    }
    if (Digits.is("NULL", message, offset, position - offset)) {
      column.elements().appendNull();
    } else {
      element.decode(message, offset, position - offset);
    }
    return position;
  }

  private int quoted(byte[] message, int offset, int end) throws IOException {
    int size = 0;
    int position = offset;
    while (position < end && message[position] != '"') {
      if (message[position] == '\\') {
        position++;
      }
      if (position < end) {
        if (size == unquoted.length) {
          unquoted = Arrays.copyOf(unquoted, size * 2);
        }
        unquoted[size++] = message[position++];
      }
    }
    if (position >= end) {
      throw malformed("an array that ends within an element");
    }
    element.decode(unquoted, 0, size);
    return position + 1;
  }
}
