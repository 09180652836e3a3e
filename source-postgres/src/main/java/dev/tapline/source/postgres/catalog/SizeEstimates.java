package dev.tapline.source.postgres.catalog;

import java.util.stream.LongStream;

/// Estimates the size of tables from what the catalog holds.
final class SizeEstimates {
  /// Bytes to assume for a value of a type without a fixed length, as the planner does.
  static final int VARIABLE = 32;

  private static final int BLOCK = 8_192;
  private static final int PAGE_HEADER = 24;
  private static final int ROW_OVERHEAD = 28;

  private SizeEstimates() {}

  /// Rows, as the planner would guess: the density that the last VACUUM or ANALYZE saw (or one from
  /// the width of a row, if there was none) times the pages that there are now. -1 when nothing is
  /// known. Those of the table alone.
  static long rows(Table.Facts fact, int width) {
    return switch (fact.kind()) {
      case 'r', 'm' -> heapRows(fact, width);
      case 'p' -> 0;
      case 'f' -> fact.rows() > 0 ? Math.round(fact.rows()) : -1;
      default -> -1;
    };
  }

  /// Bytes of the table alone, or -1.
  static long bytes(Table.Facts fact) {
    return switch (fact.kind()) {
      case 'r', 'm' -> fact.bytes() >= 0 ? fact.bytes() : fact.pages() * BLOCK;
      case 'p' -> 0;
      default -> -1;
    };
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

  /// The sum, or -1 when one of them is not known.
  static long sum(LongStream parts) {
    return parts.reduce(0, (sum, part) -> sum < 0 || part < 0 ? -1 : sum + part);
  }
}
