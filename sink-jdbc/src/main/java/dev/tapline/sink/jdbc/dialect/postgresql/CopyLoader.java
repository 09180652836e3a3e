package dev.tapline.sink.jdbc.dialect.postgresql;

import dev.tapline.sink.jdbc.dialect.api.RowLoader;
import dev.tapline.sink.jdbc.dialect.api.StandardSql;
import dev.tapline.sink.jdbc.dialect.api.TableColumn;
import dev.tapline.spi.batch.Column;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/// Loads rows by one COPY: in the binary format if every column has a binary writer, else as text.
final class CopyLoader implements RowLoader {
  private static final int SEND_AT = 64 << 10;

  private final Connection connection;
  private final String statement;
  private final CopyFieldWriter[] writers;
  private final boolean binary;
  private final CopyBuffer buffer = new CopyBuffer();
  private @Nullable CopyIn copy;

  CopyLoader(Connection connection, String table, List<String> names, List<TableColumn> columns) {
    this.connection = connection;
    List<CopyFieldWriter> binaries = CopyFieldWriter.binary(columns);
    binary = !binaries.isEmpty();
    writers = (binary ? binaries : CopyFieldWriter.text(columns)).toArray(CopyFieldWriter[]::new);
    statement =
        "COPY %s (%s) FROM STDIN%s"
            .formatted(
                table, StandardSql.list(names), binary ? " (FORMAT binary)" : " (FORMAT text)");
  }

  @Override
  public void load(List<Column> columns, int rows, BitSet skip) throws SQLException {
    CopyIn target = begin();
    Column[] values = columns.toArray(Column[]::new);
    boolean skips = !skip.isEmpty();
    for (int row = 0; row < rows; row++) {
      if (skips && skip.get(row)) {
        continue;
      }
      if (binary) {
        binaryRow(values, row);
      } else {
        textRow(values, row);
      }
      if (buffer.size() >= SEND_AT) {
        send(target);
      }
    }
  }

  private void binaryRow(Column[] values, int row) {
    buffer.putShort(values.length);
    for (int i = 0; i < values.length; i++) {
      Column column = values[i];
      if (column.isNull(row) || column.isUnchanged(row)) {
        buffer.putInt(-1);
      } else {
        writers[i].write(buffer, column, row);
      }
    }
  }

  private void textRow(Column[] values, int row) {
    for (int i = 0; i < values.length; i++) {
      if (i > 0) {
        buffer.put('\t');
      }
      Column column = values[i];
      if (column.isNull(row) || column.isUnchanged(row)) {
        buffer.put('\\');
        buffer.put('N');
      } else {
        writers[i].write(buffer, column, row);
      }
    }
    buffer.put('\n');
  }

  private CopyIn begin() throws SQLException {
    CopyIn known = copy;
    if (known != null) {
      return known;
    }
    CopyIn begun = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(statement);
    copy = begun;
    if (binary) {
      buffer.putHeader();
    }
    return begun;
  }

  private void send(CopyIn target) throws SQLException {
    target.writeToCopy(buffer.bytes(), 0, buffer.size());
    buffer.clear();
  }

  @Override
  public void finish() throws SQLException {
    CopyIn target = begin();
    if (binary) {
      buffer.putShort(-1);
    }
    send(target);
    target.endCopy();
    copy = null;
  }

  @Override
  public void close() throws SQLException {
    CopyIn open = copy;
    copy = null;
    if (open != null && open.isActive()) {
      open.cancelCopy();
    }
  }
}
