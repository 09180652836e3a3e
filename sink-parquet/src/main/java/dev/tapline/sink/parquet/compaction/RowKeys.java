package dev.tapline.sink.parquet.compaction;

import dev.tapline.files.text.ValueText;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Column;
import java.util.List;

/// Keys of rows as text: the same text for the same key, whatever file it comes from.
final class RowKeys {
  // No text contains this character, so that no key is mistaken for NULL.
  private static final String NULL = "\0";

  private final List<String> names;

  RowKeys(List<String> names) {
    this.names = names;
  }

  boolean isEmpty() {
    return names.isEmpty();
  }

  boolean has(String column) {
    return names.contains(column);
  }

  String of(Batch batch, int row) {
    if (names.size() == 1) {
      return part(batch, names.getFirst(), row);
    }
    StringBuilder key = new StringBuilder();
    for (String name : names) {
      String part = part(batch, name, row);
      key.append(part.length()).append(':').append(part);
    }
    return key.toString();
  }

  private static String part(Batch batch, String name, int row) {
    int index = batch.schema().indexOf(name);
    if (index < 0) {
      return NULL;
    }
    Column column = batch.column(index);
    return column.isNull(row) || column.isUnchanged(row) ? NULL : ValueText.of(column, row);
  }
}
