package dev.tapline.source.postgres.catalog;

import java.util.List;

/// How large tables probably are, by what the catalog holds.
final class Estimates {
  /// Bytes to assume for a value of a type without a fixed length, as the planner does.
  static final int VARIABLE = 32;

  private static final int BLOCK = 8_192;
  private static final int PAGE_HEADER = 24;
  private static final int ROW_OVERHEAD = 28;

  private Estimates() {}

  /// Rows, as the planner would guess: the density that the last VACUUM or ANALYZE saw (or one from
  /// the width of a row, if there was none) times the pages that there are now. -1 when nothing is
  /// known.
  static long rows(Table.Facts fact, int width, List<Table> children) {
    long own =
        switch (fact.kind()) {
          case 'r', 'm' -> heapRows(fact, width);
          case 'p' -> 0;
          case 'f' -> fact.rows() > 0 ? Math.round(fact.rows()) : -1;
          default -> -1;
        };
    return sum(own, children.stream().mapToLong(Table::estimatedRows).toArray());
  }

  /// Bytes, or -1.
  static long bytes(Table.Facts fact, List<Table> children) {
    long own =
        switch (fact.kind()) {
          case 'r', 'm' -> fact.bytes() >= 0 ? fact.bytes() : fact.pages() * BLOCK;
          case 'p' -> 0;
          default -> -1;
        };
    return sum(own, children.stream().mapToLong(Table::estimatedBytes).toArray());
  }

  private static long heapRows(Table.Facts fact, int width) {
    boolean analyzed = fact.pages() > 0 && fact.rows() >= 0;
    if (fact.heapBytes() < 0) {
      return analyzed ? Math.round(fact.rows()) : -1;
    }
    double pages = (double) fact.heapBytes() / BLOCK;
    double density =
        analyzed
            ? fact.rows() / fact.pages()
            : (double) (BLOCK - PAGE_HEADER) / (width + ROW_OVERHEAD);
    return Math.round(density * pages);
  }

  private static long sum(long own, long[] others) {
    long sum = own;
    for (long other : others) {
      if (sum < 0 || other < 0) {
        return -1;
      }
      sum += other;
    }
    return sum;
  }
}
