package dev.tapline.sink.parquet;

import dev.tapline.files.text.ValueText;
import dev.tapline.sink.parquet.FolderLayout.Partitioning;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.Temporals;
import dev.tapline.spi.sink.GrowingClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

/// Decides which subfolder a row goes to: `region_part=EU/`, or none.
///
/// The folder does not have the column's name: readers replace the column by the folder's value and
/// guess its type, so that the text `007` would become the number 7.
interface Partitioner {
  /// All rows go to the stream's folder.
  Partitioner NONE =
      new Partitioner() {
        @Override
        public String of(Batch batch, int row) {
          return "";
        }

        @Override
        public int endOfRun(Batch batch, int from, String partition) {
          return batch.rows();
        }
      };

  /// The subfolder of a row, with a trailing slash; empty for the stream's folder.
  String of(Batch batch, int row);

  /// The end of the run of rows that go to the same subfolder as row `from`.
  default int endOfRun(Batch batch, int from, String partition) {
    int to = from + 1;
    while (to < batch.rows() && of(batch, to).equals(partition)) {
      to++;
    }
    return to;
  }

  /// @throws IOException if the stream lacks the column, or its values cannot be folder names
  static Partitioner of(FolderLayout layout, Schema schema, Stream stream, GrowingClock clock)
      throws IOException {
    if (layout.partitioning() == Partitioning.LOAD_DATE) {
      Instant now = Instant.EPOCH.plus(clock.next(), ChronoUnit.MICROS);
      String folder = "load_date=" + now.atOffset(ZoneOffset.UTC).toLocalDate() + "/";
      return new Fixed(folder);
    }
    if (layout.partitioning() == Partitioning.NONE) {
      return NONE;
    }
    int index = schema.indexOf(layout.column());
    if (index < 0) {
      throw new IOException(
          "stream %s: there is no column '%s' to partition by; leave the stream to another pipeline, or set sink.partition-by to load-date"
              .formatted(stream.name(), layout.column()));
    }
    DataType type = schema.fields().get(index).type();
    if (type instanceof DataType.ListOf
        || type == DataType.Scalar.BYTES
        || type == DataType.Scalar.JSON) {
      throw new IOException(
          "stream %s: the values of column '%s' cannot name folders; set sink.partition-column to another one"
              .formatted(stream.name(), layout.column()));
    }
    return new ByColumn(layout.column(), index);
  }

  /// One folder for all rows.
  record Fixed(String folder) implements Partitioner {
    @Override
    public String of(Batch batch, int row) {
      return folder;
    }

    @Override
    public int endOfRun(Batch batch, int from, String partition) {
      return batch.rows();
    }
  }

  /// By the value of a column; of a timestamp, by its day.
  record ByColumn(String name, int index) implements Partitioner {
    private static final String NULL = "__HIVE_DEFAULT_PARTITION__";
    private static final String EMPTY = "__EMPTY__";
    private static final String UNRESERVED = "-._~ +:";

    @Override
    public String of(Batch batch, int row) {
      Column column = batch.column(index);
      String value =
          column.isNull(row) || column.isUnchanged(row) ? NULL : escaped(text(column, row));
      return escaped(name) + "_part=" + value + "/";
    }

    private static String text(Column column, int row) {
      boolean timestamp =
          column.type() == DataType.Scalar.TIMESTAMP
              || column.type() == DataType.Scalar.TIMESTAMP_TZ;
      if (timestamp && column instanceof LongColumn longs) {
        long micros = longs.get(row);
        return Temporals.isInfinite(micros)
            ? ValueText.of(column, row)
            : Temporals.dateTime(micros).toLocalDate().toString();
      }
      return ValueText.of(column, row);
    }

    // Escaped as in Hive, so that no value can lead out of the folder.
    private static String escaped(String text) {
      StringBuilder escaped = new StringBuilder();
      for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
        char c = (char) (b & 0xff);
        boolean plain =
            (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || UNRESERVED.indexOf(c) >= 0;
        escaped.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
      }
      return escaped.isEmpty() ? EMPTY : escaped.toString();
    }
  }
}
