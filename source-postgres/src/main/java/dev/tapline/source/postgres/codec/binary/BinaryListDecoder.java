package dev.tapline.source.postgres.codec.binary;

import dev.tapline.source.postgres.codec.BigEndian;
import dev.tapline.source.postgres.codec.FieldDecoder;
import dev.tapline.spi.batch.ListColumn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Decodes arrays: the number of dimensions, a flag, the element type; the length and lower bound
/// of each dimension; then the elements, each with its length.
final class BinaryListDecoder extends FieldDecoder {
  private static final int HEADER = 12;
  private static final int DIMENSION = 8;

  private final ListColumn column;
  private final FieldDecoder element;

  BinaryListDecoder(ListColumn column, FieldDecoder element) {
    super(column);
    this.column = column;
    this.element = element;
  }

  @Override
  public void decode(byte[] message, int offset, int length) throws IOException {
    int end = offset + length;
    int dimensions = length < HEADER ? -1 : BigEndian.int32(message, offset);
    if (dimensions < 0 || length < HEADER + dimensions * DIMENSION) {
      throw malformed("an array of " + length + " bytes");
    }
    int position = offset + HEADER + dimensions * DIMENSION;
    int elements = dimensions == 0 ? 0 : 1;
    for (int i = 0; i < dimensions; i++) {
      elements *= BigEndian.int32(message, offset + HEADER + i * DIMENSION);
    }
    for (int i = 0; i < elements; i++) {
      position = element(message, position, end);
    }
    if (position != end) {
      throw malformed("an array with " + (end - position) + " bytes too many");
    }
    boolean plain =
        dimensions == 0
            || (dimensions == 1 && BigEndian.int32(message, offset + HEADER + Integer.BYTES) == 1);
    if (plain) {
      column.endList();
    } else {
      column.endList(shape(message, offset + HEADER, dimensions));
    }
  }

  private int element(byte[] message, int position, int end) throws IOException {
    int start = position + Integer.BYTES;
    if (start > end) {
      throw malformed("an array that ends within an element");
    }
    int length = BigEndian.int32(message, position);
    if (length == -1) {
      column.elements().appendNull();
      return start;
    }
    if (length < 0 || length > end - start) {
      throw malformed("an array element of " + length + " bytes");
    }
    element.decode(message, start, length);
    return start + length;
  }

  private static ListColumn.Dimensions shape(byte[] message, int offset, int dimensions) {
    List<Integer> lengths = new ArrayList<>(dimensions);
    List<Integer> bounds = new ArrayList<>(dimensions);
    for (int i = 0; i < dimensions; i++) {
      lengths.add(BigEndian.int32(message, offset + i * DIMENSION));
      bounds.add(BigEndian.int32(message, offset + i * DIMENSION + Integer.BYTES));
    }
    return new ListColumn.Dimensions(lengths, bounds);
  }
}
