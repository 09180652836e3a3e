package dev.tapline.sink.parquet.encoding;

import dev.tapline.sink.parquet.schema.ChangeField;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.Temporals;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Writes the values of a change field.
final class ChangeFieldEncoder {
  private static final byte[][] OPERATIONS = {
    utf8("r"), utf8("i"), utf8("u"), utf8("d"), utf8("t")
  };

  private final ChangeField field;
  private final byte[][] names;

  ChangeFieldEncoder(ChangeField field, Schema schema) {
    this.field = field;
    this.names = schema.fields().stream().map(of -> utf8(of.name())).toArray(byte[][]::new);
  }

  void write(Batch batch, int row, ValueConsumer target) throws IOException {
    boolean read = batch.change(row) == Change.READ;
    switch (field) {
      case OP -> text(operation(batch.change(row)), target);
      case LSN -> orAbsent(read, batch.commitPosition(row), target);
      case SEQ -> orAbsent(read, batch.index(row), target);
      case COMMITTED_AT -> orAbsent(read, batch.commitTime(row) + Temporals.EPOCH_MICROS, target);
      case XID -> orAbsent(read, batch.transaction(row), target);
      case EXTRACTED_AT -> target.int64(batch.extractedAt() + Temporals.EPOCH_MICROS);
      case UNCHANGED -> unchanged(batch, row, target);
    }
  }

  private void unchanged(Batch batch, int row, ValueConsumer target) throws IOException {
    int count = 0;
    for (int i = 0; i < names.length; i++) {
      count += batch.column(i).isUnchanged(row) ? 1 : 0;
    }
    if (count == 0) {
      target.absent();
      return;
    }
    target.beginList(new int[] {count});
    int element = 0;
    for (int i = 0; i < names.length; i++) {
      if (batch.column(i).isUnchanged(row)) {
        target.element(element++);
        text(names[i], target);
      }
    }
    target.endList();
  }

  private static byte[] operation(Change change) {
    return switch (change) {
      case READ -> OPERATIONS[0];
      case INSERT -> OPERATIONS[1];
      case UPDATE -> OPERATIONS[2];
      case DELETE -> OPERATIONS[3];
      case TRUNCATE -> OPERATIONS[4];
    };
  }

  private static void orAbsent(boolean absent, long value, ValueConsumer target)
      throws IOException {
    if (absent) {
      target.absent();
    } else {
      target.int64(value);
    }
  }

  private static void text(byte[] utf8, ValueConsumer target) throws IOException {
    target.bytes(utf8, 0, utf8.length);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
