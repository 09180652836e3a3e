package dev.tapline.spi.batch;

import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.Temporals;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One row of a batch, by names: for sinks that would rather be simple than fast. Valid as long as
/// the batch is.
///
/// The typed methods throw [NullPointerException] for NULL and unchanged values (ask [#isNull] and
/// [#isUnchanged] first), [NoSuchElementException] for a name that is no field, and
/// [IllegalStateException] for a value that the Java type cannot hold, such as an infinite date.
public final class Row {
  private final Batch batch;
  private final int index;

  Row(Batch batch, int index) {
    this.batch = batch;
    this.index = index;
  }

  /// What happened to the row.
  public Change change() {
    return batch.change(index);
  }

  /// Whether the value is NULL.
  public boolean isNull(String field) {
    return column(field).isNull(index);
  }

  /// Whether the value was not carried.
  public boolean isUnchanged(String field) {
    return column(field).isUnchanged(index);
  }

  /// A text, JSON, enumeration or opaque value, or any other as text.
  public String string(String field) {
    return present(field, value(column(field), index)).toString();
  }

  /// A `BOOLEAN`.
  public boolean bool(String field) {
    return (Boolean) present(field, value(column(field), index));
  }

  /// An `INT16`, `INT32` or `INT64`.
  public long integer(String field) {
    return ((Number) present(field, value(column(field), index))).longValue();
  }

  /// A `FLOAT32` or `FLOAT64`.
  public double number(String field) {
    return ((Number) present(field, value(column(field), index))).doubleValue();
  }

  /// A `Decimal`, with the scale it has in the source.
  public BigDecimal decimal(String field) {
    return typed(field, BigDecimal.class);
  }

  /// A `TIMESTAMP_TZ`.
  public Instant instant(String field) {
    return typed(field, Instant.class);
  }

  /// A `TIMESTAMP`.
  public LocalDateTime dateTime(String field) {
    return typed(field, LocalDateTime.class);
  }

  /// A `DATE`.
  public LocalDate date(String field) {
    return typed(field, LocalDate.class);
  }

  /// A `TIME`.
  public LocalTime time(String field) {
    return typed(field, LocalTime.class);
  }

  /// A `UUID`.
  public UUID uuid(String field) {
    return typed(field, UUID.class);
  }

  /// A `BYTES`, copied.
  public byte[] bytes(String field) {
    return typed(field, byte[].class);
  }

  /// A list's elements, in one dimension, as [#value(String)] gives them.
  public List<@Nullable Object> list(String field) {
    ListColumn column = (ListColumn) column(field);
    present(field, column.isNull(index) || column.isUnchanged(index) ? null : column);
    List<@Nullable Object> elements = new ArrayList<>();
    for (int i = column.start(index); i < column.end(index); i++) {
      elements.add(value(column.elements(), i));
    }
    return elements;
  }

  /// The value as the Java object that fits its type best, or null for NULL and unchanged: a
  /// [Boolean], [Long], [Float], [Double], [BigDecimal], [LocalDate], [LocalTime], [LocalDateTime],
  /// [Instant], [UUID], `byte[]`, [List], or a [String] for everything else, which includes what
  /// those cannot hold: `NaN` and `Infinity` of a decimal, `infinity` and `-infinity` of dates and
  /// timestamps, the time `24:00:00`.
  public @Nullable Object value(String field) {
    Column column = column(field);
    return column instanceof ListColumn && !column.isNull(index) && !column.isUnchanged(index)
        ? list(field)
        : value(column, index);
  }

  private <T> T typed(String field, Class<T> wanted) {
    Object value = present(field, value(column(field), index));
    if (!wanted.isInstance(value)) {
      throw new IllegalStateException(
          "field '" + field + "': '" + value + "' is not a " + wanted.getSimpleName());
    }
    return wanted.cast(value);
  }

  private static <T> T present(String field, @Nullable T value) {
    if (value == null) {
      throw new NullPointerException("field '" + field + "' is NULL or unchanged");
    }
    return value;
  }

  private Column column(String field) {
    int position = batch.schema().indexOf(field);
    if (position < 0) {
      throw new NoSuchElementException("no field '" + field + "' in " + batch.stream());
    }
    return batch.column(position);
  }

  private static @Nullable Object value(Column column, int row) {
    if (column.isNull(row) || column.isUnchanged(row)) {
      return null;
    }
    return switch (column) {
      case BooleanColumn booleans -> booleans.get(row);
      case DoubleColumn doubles ->
          column.type() == DataType.Scalar.FLOAT32
              ? (Object) (float) doubles.get(row)
              : (Object) doubles.get(row);
      case LongColumn longs -> ofLong(column.type(), longs.get(row));
      case BytesColumn bytes -> ofBytes(bytes, row);
      case ListColumn lists -> throw new IllegalStateException("a list in a list: " + lists.type());
    };
  }

  private static Object ofLong(DataType type, long value) {
    if (type instanceof DataType.Decimal decimal) {
      if (value == DataType.Decimal.NAN) {
        return "NaN";
      }
      return Math.abs(value) == DataType.Decimal.INFINITY
          ? (value > 0 ? "Infinity" : "-Infinity")
          : BigDecimal.valueOf(value, decimal.scale());
    }
    if (type == DataType.Scalar.TIME) {
      return value == 86_400_000_000L ? "24:00:00" : Temporals.time(value);
    }
    boolean temporal =
        type == DataType.Scalar.DATE
            || type == DataType.Scalar.TIMESTAMP
            || type == DataType.Scalar.TIMESTAMP_TZ;
    if (temporal && Temporals.isInfinite(value)) {
      return value > 0 ? "infinity" : "-infinity";
    }
    return switch ((DataType.Scalar) type) {
      case DATE -> Temporals.date(value);
      case TIMESTAMP -> Temporals.dateTime(value);
      case TIMESTAMP_TZ -> Temporals.instant(value);
      default -> value;
    };
  }

  private static Object ofBytes(BytesColumn column, int row) {
    if (column.type() == DataType.Scalar.BYTES) {
      return column.get(row);
    }
    if (column.type() == DataType.Scalar.UUID) {
      ByteBuffer buffer = ByteBuffer.wrap(column.data(), column.start(row), 16);
      return new UUID(buffer.getLong(), buffer.getLong());
    }
    String text = column.text(row);
    boolean number =
        column.type() instanceof DataType.Decimal
            && !text.isEmpty()
            && Character.isDigit(text.charAt(text.length() - 1));
    return number ? new BigDecimal(text) : text;
  }
}
