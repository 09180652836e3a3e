package dev.tapline.sink.jdbc.dialect.duckdb;

import dev.tapline.files.text.ValueText;
import dev.tapline.sink.jdbc.dialect.api.ColumnValues;
import dev.tapline.sink.jdbc.dialect.api.RowLoader;
import dev.tapline.sink.jdbc.dialect.api.TableColumn;
import dev.tapline.spi.batch.BooleanColumn;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.DoubleColumn;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.Temporals;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.List;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/// Loads rows by DuckDB's appender.
final class DuckDbLoader implements RowLoader {
  private final DuckDBAppender appender;
  private final List<TableColumn> columns;

  DuckDbLoader(Connection connection, String schema, String name, List<TableColumn> columns)
      throws SQLException {
    DuckDBConnection own = connection.unwrap(DuckDBConnection.class);
    this.appender = own.createAppender(schema.isEmpty() ? own.getSchema() : schema, name);
    this.columns = columns;
  }

  @Override
  public void load(List<Column> values, int rows, BitSet skip) throws SQLException {
    for (int row = skip.nextClearBit(0); row < rows; row = skip.nextClearBit(row + 1)) {
      appender.beginRow();
      for (int i = 0; i < columns.size(); i++) {
        Column column = values.get(i);
        if (column.isNull(row) || column.isUnchanged(row)) {
          appender.appendNull();
        } else {
          append(columns.get(i), column, row);
        }
      }
      appender.endRow();
    }
  }

  private void append(TableColumn target, Column column, int row) throws SQLException {
    switch (target.type().parameterType()) {
      case BOOLEAN -> appender.append(((BooleanColumn) column).get(row));
      case LONG -> whole(target.type().sql(), ((LongColumn) column).get(row));
      case FLOAT -> appender.append((float) ((DoubleColumn) column).get(row));
      case DOUBLE -> appender.append(((DoubleColumn) column).get(row));
      case DECIMAL -> appender.append(ColumnValues.decimal(column, row));
      case DATE -> appender.appendEpochDays(day(((LongColumn) column).get(row)));
      case TIME -> appender.appendDayMicros(((LongColumn) column).get(row));
      case TIMESTAMP, TIMESTAMP_TZ ->
          appender.appendEpochMicros(micros(((LongColumn) column).get(row)));
      case UUID -> {
        BytesColumn bytes = (BytesColumn) column;
        ByteBuffer buffer = ByteBuffer.wrap(bytes.data(), bytes.start(row), 16);
        appender.appendUUID(buffer.getLong(), buffer.getLong());
      }
      case BYTES -> appender.append(((BytesColumn) column).get(row));
      case TEXT -> appender.append(ValueText.of(column, row));
    }
  }

  private void whole(String sql, long value) throws SQLException {
    switch (sql) {
      case "SMALLINT" -> appender.append((short) value);
      case "INTEGER" -> appender.append((int) value);
      default -> appender.append(value);
    }
  }

  private static int day(long value) {
    return Temporals.isInfinite(value)
        ? (value > 0 ? Integer.MAX_VALUE : -Integer.MAX_VALUE)
        : Math.toIntExact(value);
  }

  private static long micros(long value) {
    return Temporals.isInfinite(value)
        ? (value > 0 ? Long.MAX_VALUE : -Long.MAX_VALUE)
        : Math.addExact(value, Temporals.EPOCH_MICROS);
  }

  @Override
  public void finish() throws SQLException {
    appender.flush();
  }

  @Override
  public void close() throws SQLException {
    appender.close();
  }
}
