package dev.tapline.sink.jdbc.dialect.api;

import dev.tapline.files.text.ValueText;
import dev.tapline.spi.batch.BooleanColumn;
import dev.tapline.spi.batch.BytesColumn;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.batch.DoubleColumn;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.Temporals;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.ZoneOffset;

/// Passes a value to a prepared statement.
@FunctionalInterface
interface ParameterSetter {
  void set(PreparedStatement statement, int parameter, Column column, int row) throws SQLException;

  static ParameterSetter of(ParameterType type) {
    return switch (type) {
      case BOOLEAN ->
          (statement, parameter, column, row) ->
              statement.setBoolean(parameter, ((BooleanColumn) column).get(row));
      case LONG ->
          (statement, parameter, column, row) ->
              statement.setLong(parameter, ((LongColumn) column).get(row));
      case FLOAT ->
          (statement, parameter, column, row) ->
              statement.setFloat(parameter, (float) ((DoubleColumn) column).get(row));
      case DOUBLE ->
          (statement, parameter, column, row) ->
              statement.setDouble(parameter, ((DoubleColumn) column).get(row));
      case DECIMAL ->
          (statement, parameter, column, row) ->
              statement.setBigDecimal(parameter, ColumnValues.decimal(column, row));
      case DATE ->
          (statement, parameter, column, row) ->
              statement.setObject(parameter, Temporals.date(((LongColumn) column).get(row)));
      case TIME ->
          (statement, parameter, column, row) ->
              statement.setObject(parameter, Temporals.time(((LongColumn) column).get(row)));
      case TIMESTAMP ->
          (statement, parameter, column, row) ->
              statement.setObject(parameter, Temporals.dateTime(((LongColumn) column).get(row)));
      case TIMESTAMP_TZ ->
          (statement, parameter, column, row) ->
              statement.setObject(
                  parameter,
                  Temporals.instant(((LongColumn) column).get(row)).atOffset(ZoneOffset.UTC));
      case UUID ->
          (statement, parameter, column, row) ->
              statement.setObject(parameter, ColumnValues.uuid(column, row));
      case BYTES ->
          (statement, parameter, column, row) ->
              statement.setBytes(parameter, ((BytesColumn) column).get(row));
      case TEXT ->
          (statement, parameter, column, row) ->
              statement.setString(parameter, ValueText.of(column, row));
    };
  }
}
