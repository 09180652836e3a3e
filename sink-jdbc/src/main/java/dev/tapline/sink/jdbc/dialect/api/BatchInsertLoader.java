package dev.tapline.sink.jdbc.dialect.api;

import dev.tapline.spi.batch.Column;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/// Loads rows by batches of a prepared INSERT, which every driver supports.
public final class BatchInsertLoader implements RowLoader {
  private static final int ROWS = 1_000;

  private final PreparedStatement statement;
  private final ParameterSetter[] setters;
  private final Optional<PacketLimit> packet;
  private final List<TableColumn> columns;
  private int waiting;
  private long bytes;

  /// @param table the table's name, quoted
  public BatchInsertLoader(
      Connection connection, Dialect dialect, String table, List<TableColumn> columns)
      throws SQLException {
    this.packet = dialect.packetLimit();
    this.columns = List.copyOf(columns);
    List<String> names = columns.stream().map(column -> dialect.quote(column.name())).toList();
    statement =
        connection.prepareStatement(
            "INSERT INTO %s (%s) VALUES (%s)"
                .formatted(
                    table,
                    StandardSql.list(names),
                    String.join(", ", java.util.Collections.nCopies(columns.size(), "?"))));
    setters =
        columns.stream()
            .map(column -> ParameterSetter.of(column.type().parameterType()))
            .toArray(ParameterSetter[]::new);
  }

  @Override
  public void load(List<Column> values, int rows, BitSet skip) throws SQLException {
    for (int row = skip.nextClearBit(0); row < rows; row = skip.nextClearBit(row + 1)) {
      if (packet.isPresent()) {
        makeRoom(packet.get(), values, row);
      }
      for (int i = 0; i < setters.length; i++) {
        Column column = values.get(i);
        if (column.isNull(row) || column.isUnchanged(row)) {
          statement.setObject(i + 1, null);
        } else {
          setters[i].set(statement, i + 1, column, row);
        }
      }
      statement.addBatch();
      if (++waiting == ROWS) {
        send();
      }
    }
    if (waiting > 0) {
      send();
    }
  }

  private void makeRoom(PacketLimit most, List<Column> values, int row) throws SQLException {
    long size = 0;
    for (int i = 0; i < setters.length; i++) {
      TableColumn column = columns.get(i);
      size += most.size(values.get(i), row, column.type().parameterType());
    }
    if (waiting > 0 && bytes + size > most.forRows()) {
      send();
    }
    bytes += size;
  }

  private void send() throws SQLException {
    waiting = 0;
    bytes = 0;
    statement.executeBatch();
  }

  @Override
  public void finish() {}

  @Override
  public void close() throws SQLException {
    statement.close();
  }
}
