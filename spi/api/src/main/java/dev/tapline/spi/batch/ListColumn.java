package dev.tapline.spi.batch;

import dev.tapline.spi.catalog.DataType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Lists. The elements of all rows stand one behind the other in a column of their own: those of
/// `row` are its entries `start(row)` up to, not with, `end(row)`, the last dimension varying
/// fastest.
///
/// A list has one dimension and counts from 1 unless it has a [Dimensions], as the arrays of some
/// databases may. A source whose lists have no lower bounds needs none for a list of one dimension;
/// a sink whose lists have none writes such a value otherwise, or refuses it.
public final class ListColumn extends Column {
  private final Column elements;
  private int[] ends;
  private @Nullable Dimensions[] shapes = {};

  ListColumn(DataType.ListOf type, int capacity) {
    super(type, capacity);
    elements = Column.of(type.element(), capacity);
    ends = new int[Math.max(1, capacity)];
  }

  /// The dimensions of a list that is not plain.
  ///
  /// @param lengths the length of each dimension
  /// @param lowerBounds the index of the first element of each
  public record Dimensions(java.util.List<Integer> lengths, java.util.List<Integer> lowerBounds) {
    /// Copies the lists.
    public Dimensions {
      lengths = java.util.List.copyOf(lengths);
      lowerBounds = java.util.List.copyOf(lowerBounds);
    }

    /// Whether every dimension counts from 1.
    public boolean countsFromOne() {
      return lowerBounds.stream().allMatch(bound -> bound == 1);
    }
  }

  /// The elements of all rows. A source appends a list's elements here, then calls [#endList()].
  public Column elements() {
    return elements;
  }

  /// Adds a row with the elements that were appended since the last one.
  public void endList() {
    int row = next();
    if (row == ends.length) {
      ends = Arrays.copyOf(ends, row * 2);
    }
    ends[row] = elements.size();
  }

  /// Adds a row as [#endList()] does, with more than one dimension or another first index.
  public void endList(Dimensions shape) {
    endList();
    if (shapes.length < size()) {
      shapes = Arrays.copyOf(shapes, ends.length);
    }
    shapes[size() - 1] = shape;
  }

  /// The index of the row's first element.
  public int start(int row) {
    return row == 0 ? 0 : ends[row - 1];
  }

  /// The index behind the row's last element.
  public int end(int row) {
    return ends[row];
  }

  /// The row's shape, or null when it has one dimension that counts from 1 (or no element).
  public @Nullable Dimensions shape(int row) {
    return row < shapes.length ? shapes[row] : null;
  }

  @Override
  void appendValue(Column from, int row) {
    ListColumn source = (ListColumn) from;
    for (int i = source.start(row); i < source.end(row); i++) {
      elements().appendFrom(source.elements(), i);
    }
    Dimensions shape = source.shape(row);
    if (shape == null) {
      endList();
    } else {
      endList(shape);
    }
  }

  @Override
  public long payloadBytes() {
    return elements.payloadBytes();
  }

  @Override
  void appendPlaceholder() {
    endList();
  }

  @Override
  void cutTo(int rows) {
    elements.truncate(rows == 0 ? 0 : ends[rows - 1]);
    Arrays.fill(shapes, Math.min(rows, shapes.length), shapes.length, null);
  }
}
