package dev.tapline.source.postgres.scan;

import dev.tapline.source.postgres.catalog.Quote;
import dev.tapline.source.postgres.connect.Failures;
import dev.tapline.source.postgres.connect.Session;
import dev.tapline.source.postgres.connect.Sessions;
import dev.tapline.source.postgres.decode.BigEndian;
import dev.tapline.source.postgres.decode.CopyBinaryDecoder;
import dev.tapline.source.postgres.decode.Wire;
import dev.tapline.spi.Position;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.source.Read;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// A scan of the rows at or beyond a position of the replication key, in its order: what a [Read]
/// of kind [#KIND] holds.
///
/// @param stream whose rows
/// @param label what it is to people
/// @param schema the fields
/// @param wires how the values of each field arrive
/// @param expressions what the query says between SELECT and FROM, without the hidden fields
/// @param table the relation, quoted
/// @param key the replication key
record KeyScan(
    StreamName stream,
    String label,
    Schema schema,
    List<Wire> wires,
    String expressions,
    String table,
    KeyForm key) {

  /// What `Read.kind()` says.
  static final String KIND = "key";

  private static final int NULL = -1;

  /// Copies the list.
  KeyScan {
    wires = List.copyOf(wires);
  }

  Read read(String id, Position from) {
    return Read.of(
        id,
        stream,
        from,
        WriteMode.APPEND,
        KIND,
        Map.of(
            "label",
            label,
            "schema",
            SchemaText.write(schema),
            "wires",
            wires.stream().map(Wire::name).collect(Collectors.joining(" ")),
            "expressions",
            expressions,
            "table",
            table,
            "key",
            SchemaText.write(new Schema(key.fields(), List.of())),
            "lookback",
            key.lookback()));
  }

  /// @throws IllegalArgumentException if the read is not one that [#read] has made
  static KeyScan of(Read read) {
    if (!read.kind().equals(KIND) || read.streams().size() != 1) {
      throw new IllegalArgumentException("read " + read.id() + " is not a scan by key");
    }
    String wires = read.argument("wires");
    return new KeyScan(
        read.streams().getFirst(),
        read.argument("label"),
        SchemaText.read(read.argument("schema")),
        wires.isEmpty()
            ? List.of()
            : Arrays.stream(wires.split(" ", -1)).map(Wire::valueOf).toList(),
        read.argument("expressions"),
        read.argument("table"),
        new KeyForm(SchemaText.read(read.argument("key")).fields(), read.argument("lookback")));
  }

  /// The highest key there is, as a session in a transaction sees it.
  ///
  /// @return nothing when there is no row with a key
  List<String> highest(Session session) throws SQLException {
    String texts =
        key.fields().stream()
            .map(field -> Quote.name(field.name()) + "::pg_catalog.text")
            .collect(Collectors.joining(", "));
    List<List<String>> rows =
        session.query(
            "SELECT %s FROM %s AS %s WHERE %s ORDER BY %s LIMIT 1"
                .formatted(texts, table, KeyForm.ALIAS, key.present(), key.descending()),
            row -> {
              List<String> values = new ArrayList<>();
              for (int i = 1; i <= key.fields().size(); i++) {
                values.add(row.getString(i));
              }
              return values;
            });
    return rows.isEmpty() ? List.of() : rows.getFirst();
  }

  /// Begins to read.
  ///
  /// @param session in a transaction; the reader's from now on
  CopyReader begin(Sessions sessions, Conflicts conflicts, Session session, Position from)
      throws IOException {
    List<String> values = key.values(from);
    try {
      for (int i = 0; i < values.size(); i++) {
        session.set(KeyForm.setting(i), values.get(i));
      }
      if (!key.lookback().isEmpty()) {
        session.set(KeyForm.LOOKBACK, key.lookback());
      }
    } catch (SQLException e) {
      sessions.drop(session);
      throw Failures.of(e, label);
    }
    Batch batch = new Batch(stream, schema, CopyReader.rowsAtMost(schema.size()));
    Reached reached = new Reached(values, KeyForm.rows(from));
    return CopyReader.begin(
        sessions,
        conflicts,
        session,
        label,
        copy(!values.isEmpty()),
        batch,
        new CopyBinaryDecoder(batch, wires, key.hidden().size(), reached),
        finished -> Map.of(stream, reached.position()));
  }

  private String copy(boolean hasValues) {
    List<String> all = new ArrayList<>();
    if (!expressions.isEmpty()) {
      all.add(expressions);
    }
    all.addAll(key.hidden());
    String condition = hasValues ? key.beyond() + " AND " + key.present() : key.present();
    return "COPY (SELECT %s FROM %s AS %s WHERE %s ORDER BY %s) TO STDOUT (FORMAT binary)"
        .formatted(String.join(", ", all), table, KeyForm.ALIAS, condition, key.ascending());
  }

  /// Follows the rows: how far the reading has come, and which of them are new.
  private final class Reached implements CopyBinaryDecoder.RowFilter {
    private final int keys = key.fields().size();
    private final boolean ranked = !key.lookback().isEmpty();
    private final SeenRows seen;
    private List<String> values;
    private final String rowsBefore;
    private byte[] last = {};
    private boolean anyRow;

    Reached(List<String> values, String rows) {
      this.values = values;
      this.rowsBefore = rows;
      this.seen = new SeenRows(rows, key.reach());
    }

    @Override
    public boolean accept(byte[] message, int from, int trailing, int to) throws IOException {
      int at = trailing;
      for (int i = 0; i < keys; i++) {
        at = end(message, at);
      }
      byte[] texts = Arrays.copyOfRange(message, trailing, at);
      double rank =
          ranked
              ? Double.parseDouble(
                  SeenRows.text(Arrays.copyOfRange(message, at + Integer.BYTES, to)))
              : 0;
      anyRow = true;
      last = texts;
      return seen.isNew(message, from, trailing, texts, rank);
    }

    private static int end(byte[] message, int at) throws IOException {
      int length = BigEndian.int32(message, at);
      if (length == NULL) {
        throw new IOException("the server sent a row without a replication key");
      }
      return at + Integer.BYTES + length;
    }

    Position position() {
      if (!anyRow) {
        return key.position(values, rowsBefore);
      }
      List<String> reached = new ArrayList<>();
      int at = 0;
      for (int i = 0; i < keys; i++) {
        int length = BigEndian.int32(last, at);
        at += Integer.BYTES;
        reached.add(SeenRows.text(Arrays.copyOfRange(last, at, at + length)));
        at += length;
      }
      return key.position(reached, seen.toString());
    }
  }
}
