package dev.tapline.benchmarks;

import dev.tapline.source.postgres.codec.WireFormat;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.BooleanColumn;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.DoubleColumn;
import dev.tapline.spi.batch.ListColumn;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType;
import dev.tapline.spi.catalog.Temporals;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.postgresql.util.ByteConverter;

/// The rival of the source's decoder: the same messages into the same columns, with pgjdbc's own
/// conversions, and values in the Java types that a driver hands out: `String`, `BigDecimal`,
/// `Instant`, `LocalDate`, `UUID`, `byte[]`.
final class DriverDecoder {
  private static final int ARRAY_HEADER = 5 * Integer.BYTES;

  private final Batch batch;
  private final List<WireFormat> wires;

  DriverDecoder(Batch batch, List<WireFormat> wires) {
    this.batch = batch;
    this.wires = wires;
  }

  /// Adds the row of a message.
  void decode(byte[] message) {
    int fields = ByteConverter.int2(message, 0);
    int position = Short.BYTES;
    for (int i = 0; i < fields; i++) {
      int length = ByteConverter.int4(message, position);
      position += Integer.BYTES;
      Column column = batch.column(i);
      if (length < 0) {
        column.appendNull();
      } else {
        append(column, wires.get(i), message, position, length);
        position += length;
      }
    }
    batch.endRow();
  }

  private static void append(
      Column column, WireFormat wire, byte[] message, int position, int length) {
    switch (column) {
      case BooleanColumn booleans -> booleans.append(ByteConverter.bool(message, position));
      case DoubleColumn doubles -> doubles.append(ByteConverter.float8(message, position));
      case LongColumn longs -> longs.append(number(longs.type(), wire, message, position, length));
      case BytesColumn bytes -> appendBytes(bytes, message, position, length);
      case ListColumn lists -> appendTexts(lists, message, position);
    }
  }

  private static long number(
      DataType type, WireFormat wire, byte[] message, int position, int length) {
    return switch (wire) {
      case INT4 -> ByteConverter.int4(message, position);
      case INT8 -> ByteConverter.int8(message, position);
      case MICROS -> Temporals.micros(instant(ByteConverter.int8(message, position)));
      case DATE -> date(ByteConverter.int4(message, position)).toEpochDay();
      case NUMERIC ->
          ((BigDecimal) ByteConverter.numeric(message, position, length))
              .setScale(((DataType.Decimal) type).scale())
              .unscaledValue()
              .longValueExact();
      default -> throw new IllegalArgumentException("no column of the samples is sent as " + wire);
    };
  }

  private static Instant instant(long micros) {
    return Instant.ofEpochSecond(
        Math.floorDiv(micros, 1_000_000) + Temporals.EPOCH_SECONDS,
        Math.floorMod(micros, 1_000_000) * 1_000L);
  }

  private static LocalDate date(int day) {
    return LocalDate.ofEpochDay(day + Temporals.EPOCH_DAYS);
  }

  private static void appendBytes(BytesColumn column, byte[] message, int position, int length) {
    if (column.type() == DataType.Scalar.BYTES) {
      column.append(Arrays.copyOfRange(message, position, position + length));
    } else if (column.type() == DataType.Scalar.UUID) {
      UUID uuid =
          new UUID(
              ByteConverter.int8(message, position),
              ByteConverter.int8(message, position + Long.BYTES));
      column.append(
          ByteBuffer.allocate(2 * Long.BYTES)
              .putLong(uuid.getMostSignificantBits())
              .putLong(uuid.getLeastSignificantBits())
              .array());
    } else if (column.type() == DataType.Scalar.JSON) {
      column.append(text(message, position + 1, length - 1));
    } else {
      column.append(text(message, position, length));
    }
  }

  private static void appendTexts(ListColumn column, byte[] message, int start) {
    BytesColumn elements = (BytesColumn) column.elements();
    int count = ByteConverter.int4(message, start + 3 * Integer.BYTES);
    int position = start + ARRAY_HEADER;
    for (int i = 0; i < count; i++) {
      int length = ByteConverter.int4(message, position);
      position += Integer.BYTES;
      elements.append(text(message, position, length));
      position += length;
    }
    column.endList();
  }

  private static String text(byte[] message, int position, int length) {
    return new String(message, position, length, StandardCharsets.UTF_8);
  }
}
