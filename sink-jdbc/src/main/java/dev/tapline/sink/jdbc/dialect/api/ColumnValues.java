package dev.tapline.sink.jdbc.dialect.api;

import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.DataType.Decimal;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.UUID;

/// Values of columns as Java objects.
public final class ColumnValues {
  private static final int UUID_BYTES = 16;

  private ColumnValues() {}

  /// A decimal, which a column holds as an unscaled long or as text.
  public static BigDecimal decimal(Column column, int row) {
    return column instanceof LongColumn longs
        ? BigDecimal.valueOf(longs.get(row), ((Decimal) column.type()).scale())
        : new BigDecimal(((BytesColumn) column).text(row));
  }

  /// A UUID, which a column holds as 16 bytes.
  public static UUID uuid(Column column, int row) {
    BytesColumn bytes = (BytesColumn) column;
    ByteBuffer buffer = ByteBuffer.wrap(bytes.data(), bytes.start(row), UUID_BYTES);
    return new UUID(buffer.getLong(), buffer.getLong());
  }
}
