package dev.tapline.sink.parquet.compaction;

import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.catalog.Schema;
import java.io.IOException;

/// Copies rows between batches of different schemas by column name. A column that the source lacks
/// becomes NULL.
final class RowCopier {
  private final Schema target;
  private Schema mapped;
  private int[] sources;

  RowCopier(Schema target) {
    this.target = target;
    this.mapped = target;
    this.sources = sources(target);
  }

  /// Sets the schema of the source rows.
  @SuppressWarnings(
      "ReferenceEquality") // asked for each row; another of the same fields is mapped anew
  void map(Schema source) {
    if (source != mapped) {
      mapped = source;
      sources = sources(source);
    }
  }

  /// Appends a row; values that it does not carry come from the target's row `before`, if there is
  /// one.
  void append(Batch from, int row, Batch to, int before) throws IOException {
    for (int i = 0; i < sources.length; i++) {
      Column column = to.column(i);
      if (sources[i] < 0) {
        column.appendNull();
      } else if (before >= 0 && from.column(sources[i]).isUnchanged(row)) {
        ValueCopier.copy(column, before, column);
      } else {
        ValueCopier.copy(from.column(sources[i]), row, column);
      }
    }
    to.endRow();
  }

  /// Appends a row of the target's schema; values that it does not carry come from a row of the
  /// mapped schema.
  void appendOver(Batch from, int row, Batch before, int beforeRow, Batch to) throws IOException {
    for (int i = 0; i < sources.length; i++) {
      Column column = to.column(i);
      if (!from.column(i).isUnchanged(row)) {
        ValueCopier.copy(from.column(i), row, column);
      } else if (sources[i] < 0) {
        column.appendNull();
      } else {
        ValueCopier.copy(before.column(sources[i]), beforeRow, column);
      }
    }
    to.endRow();
  }

  private int[] sources(Schema source) {
    return target.fields().stream().mapToInt(field -> source.indexOf(field.name())).toArray();
  }
}
