package dev.tapline.sink.jdbc.staging;

import dev.tapline.sink.jdbc.table.MetadataField;
import dev.tapline.sink.jdbc.table.PlannedColumn;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.Temporals;
import dev.tapline.spi.sink.GrowingClock;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.StringJoiner;
import java.util.UUID;

/// Appends values to metadata columns.
final class MetadataAppender {
  private final long version;
  private final GrowingClock clock;

  MetadataAppender(long version, GrowingClock clock) {
    this.version = version;
    this.clock = clock;
  }

  void append(PlannedColumn planned, Batch batch, int row, Column column) {
    MetadataField field = planned.metadata().orElseThrow();
    switch (field) {
      case ROW_KEY -> {
        UUID uuid = UUID.randomUUID();
        bytes(column)
            .append(
                ByteBuffer.allocate(16)
                    .putLong(uuid.getMostSignificantBits())
                    .putLong(uuid.getLeastSignificantBits())
                    .array());
      }
      case OPERATION -> bytes(column).append(letter(batch.change(row)));
      case COMMIT_POSITION -> ofLog(batch, row, batch.commitPosition(row), column);
      case INDEX -> ofLog(batch, row, batch.index(row), column);
      case COMMITTED_AT -> ofLog(batch, row, batch.commitTime(row), column);
      case TRANSACTION -> ofLog(batch, row, batch.transaction(row), column);
      case EXTRACTED_AT -> longs(column).append(batch.extractedAt());
      case RECEIVED_AT, BATCHED_AT -> longs(column).append(Temporals.micros(Instant.now()));
      case SEQUENCE -> longs(column).append(clock.next());
      case TABLE_VERSION -> longs(column).append(version);
      case DELETED_AT -> {
        if (batch.change(row) == Change.DELETE || batch.change(row) == Change.TRUNCATE) {
          longs(column).append(batch.commitTime(row));
        } else {
          column.appendNull();
        }
      }
      case UNCHANGED -> unchanged(batch, row, column);
    }
  }

  private static void ofLog(Batch batch, int row, long value, Column column) {
    if (batch.change(row) == Change.READ) {
      column.appendNull();
    } else {
      longs(column).append(value);
    }
  }

  private static void unchanged(Batch batch, int row, Column column) {
    StringJoiner names = new StringJoiner(",");
    for (int i = 0; i < batch.schema().size(); i++) {
      if (batch.column(i).isUnchanged(row)) {
        names.add(batch.schema().fields().get(i).name());
      }
    }
    if (names.length() == 0) {
      column.appendNull();
    } else {
      bytes(column).append(names.toString());
    }
  }

  private static String letter(Change change) {
    return switch (change) {
      case READ -> "r";
      case INSERT -> "i";
      case UPDATE -> "u";
      case DELETE -> "d";
      case TRUNCATE -> "t";
    };
  }

  private static BytesColumn bytes(Column column) {
    return (BytesColumn) column;
  }

  private static LongColumn longs(Column column) {
    return (LongColumn) column;
  }
}
