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
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyOut;

/// A scan of the rows at or beyond a position of the replication key, in its order: what a [Read]
/// of kind [#KIND] holds.
///
/// @param stream whose rows
/// @param label what it is to people
/// @param schema the fields
/// @param wires how the values of each field arrive
/// @param expressions what the query says between SELECT and FROM, without the hidden fields
/// @param table the relation, quoted
/// @param oid its number
/// @param isComputed whether something that users have defined runs when it is read, which may rely
///   on the search path of the role
/// @param key the replication key
record KeyScan(
    StreamName stream,
    String label,
    Schema schema,
    List<Wire> wires,
    String expressions,
    String table,
    long oid,
    boolean isComputed,
    KeyForm key) {

  /// What `Read.kind()` says.
  static final String KIND = "key";

  private static final String OID = "oid";
  private static final int NULL = -1;
  private static final int FEW_ROWS = 64;

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
            "oid",
            Long.toString(oid),
            "computed",
            Boolean.toString(isComputed),
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
        Long.parseLong(read.argument("oid")),
        Boolean.parseBoolean(read.argument("computed")),
        new KeyForm(SchemaText.read(read.argument("key")).fields(), read.argument("lookback")));
  }

  /// Where a stream is left whose rows are all known: at the highest key there is, with the rows
  /// that stand there, as a session in a transaction sees them.
  ///
  /// @param small whether all rows may be looked at
  Position highest(Session session, boolean small) throws SQLException, IOException {
    prepare(session);
    Position found = found(session, small);
    if (isComputed) {
      session.execute(Session.CATALOG_SEARCH_PATH);
    }
    return found;
  }

  private Position found(Session session, boolean small) throws SQLException, IOException {
    if (small) {
      return reached(session, copy(key.beyond(highest(key.compared()))), List.of());
    }
    // In two steps: an index is taken only for what is known when the statement is planned. The
    // server itself puts the values where the second statement finds them.
    String settings =
        IntStream.range(0, key.fields().size())
            .mapToObj(i ->
                "pg_catalog.set_config('%s', %s::pg_catalog.text, true)"
                    .formatted(KeyForm.setting(i), Quote.name(key.fields().get(i).name())))
            .collect(Collectors.joining(", "));
    List<List<String>> rows =
        session.query(
            "SELECT %s FROM (%s) AS highest".formatted(settings, highest(key.ascending())),
            row -> {
              List<String> values = new ArrayList<>();
              for (int i = 1; i <= key.fields().size(); i++) {
                values.add(row.getString(i));
              }
              return values;
            });
    return rows.isEmpty()
        ? position(List.of(), "")
        : reached(session, copy(key.beyond()), rows.getFirst());
  }

  private String highest(String columns) {
    return "SELECT %s FROM %s AS %s WHERE %s ORDER BY %s LIMIT 1"
        .formatted(columns, table, KeyForm.ALIAS, key.present(), key.descending());
  }

  private Position reached(Session session, String statement, List<String> values)
      throws SQLException, IOException {
    Batch batch = new Batch(stream, schema, FEW_ROWS);
    Reached reached = new Reached(values, "");
    CopyBinaryDecoder decoder = decoder(batch, reached);
    CopyOut copy = session.copy().copyOut(statement);
    for (byte @Nullable [] message = copy.readFromCopy();
        message != null;
        message = copy.readFromCopy()) {
      decoder.decode(message);
      if (batch.rows() == FEW_ROWS) {
        // What matters is which rows stand there; their values come with the snapshot.
        batch.clear(0);
      }
    }
    return reached.position();
  }

  /// Begins to read.
  ///
  /// @param session in a transaction; the reader's from now on
  CopyReader begin(Sessions sessions, Conflicts conflicts, Session session, Position from)
      throws IOException {
    List<String> values = key.values(from);
    try {
      set(session, values);
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
        copy(values.isEmpty() ? "" : key.beyond()),
        batch,
        decoder(batch, reached),
        finished -> Map.of(stream, reached.position()),
        new StrayText(
            stream,
            schema,
            table,
            select(values.isEmpty() ? "" : key.beyond()),
            false,
            key.hidden().size(),
            again -> {
              again.beginSnapshot();
              set(again, values);
            }));
  }

  private void set(Session session, List<String> values) throws SQLException {
    for (int i = 0; i < values.size(); i++) {
      session.set(KeyForm.setting(i), values.get(i));
    }
    prepare(session);
  }

  /// Whether a position was left in this table, and not in another one of its name.
  static boolean isOf(long oid, Position position) {
    return Long.toString(oid).equals(position.entries().get(OID));
  }

  private Position position(List<String> values, String rows) {
    SortedMap<String, String> entries = new TreeMap<>(key.position(values, rows).entries());
    entries.put(OID, Long.toString(oid));
    return new Position(entries);
  }

  private void prepare(Session session) throws SQLException {
    if (isComputed) {
      session.execute(Session.OWN_SEARCH_PATH);
    }
    if (!key.lookback().isEmpty()) {
      session.set(KeyForm.LOOKBACK, key.lookback());
    }
  }

  private CopyBinaryDecoder decoder(Batch batch, Reached reached) {
    return new CopyBinaryDecoder(batch, wires, key.hidden().size(), reached);
  }

  private String copy(String beyond) {
    return copied(select(beyond));
  }

  private static String copied(String select) {
    return "COPY (%s) TO STDOUT (FORMAT binary)".formatted(select);
  }

  private String select(String beyond) {
    List<String> all = new ArrayList<>();
    if (!expressions.isEmpty()) {
      all.add(expressions);
    }
    all.addAll(key.hidden());
    String condition = beyond.isEmpty() ? key.present() : beyond + " AND " + key.present();
    return "SELECT %s FROM %s AS %s WHERE %s ORDER BY %s"
        .formatted(String.join(", ", all), table, KeyForm.ALIAS, condition, key.ascending());
  }

  /// Follows the rows: how far the reading has come, and which of them are new.
  private final class Reached implements CopyBinaryDecoder.RowFilter {
    private final int keys = key.fields().size();
    private final boolean ranked = !key.lookback().isEmpty();
    private final boolean ambiguous = !ranked && key.isAmbiguous();
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
      byte[] group = ambiguous ? Arrays.copyOfRange(message, at, to) : texts;
      return seen.isNew(message, from, trailing, group, rank);
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
        return KeyScan.this.position(values, rowsBefore);
      }
      List<String> reached = new ArrayList<>();
      int at = 0;
      for (int i = 0; i < keys; i++) {
        int length = BigEndian.int32(last, at);
        at += Integer.BYTES;
        reached.add(SeenRows.text(Arrays.copyOfRange(last, at, at + length)));
        at += length;
      }
      return KeyScan.this.position(reached, seen.toString());
    }
  }
}
