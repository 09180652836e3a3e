package dev.tapline.source.postgres.incremental;

import dev.tapline.source.postgres.catalog.SchemaCodec;
import dev.tapline.source.postgres.codec.WireFormat;
import dev.tapline.source.postgres.codec.binary.CopyBinaryDecoder;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.connection.Sessions;
import dev.tapline.source.postgres.snapshot.CopyReader;
import dev.tapline.source.postgres.snapshot.InvalidTextFinder;
import dev.tapline.source.postgres.snapshot.RecoveryConflicts;
import dev.tapline.source.postgres.sql.SqlFailures;
import dev.tapline.spi.Position;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.source.Split;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.postgresql.copy.CopyOut;

/// A scan of the rows at or beyond a position of the replication key, in the order of the key: what
/// a [Split] of kind [#KIND] holds.
///
/// @param stream whose rows
/// @param label what messages call it
/// @param schema the fields
/// @param wires how the values of each field arrive
/// @param expressions what the query says between SELECT and FROM, without the hidden fields
/// @param table the relation, quoted
/// @param oid its number
/// @param isComputed whether something that users have defined runs when it is read, which may rely
///   on the search path of the role
/// @param numbered whether each row has the number of the transaction that has written it
/// @param tree a digest of the tables that have its rows; empty when it is only the table itself
/// @param key the replication key
/// @param basis what positions rest on
record KeyScan(
    StreamName stream,
    String label,
    Schema schema,
    List<WireFormat> wires,
    String expressions,
    String table,
    long oid,
    boolean isComputed,
    boolean numbered,
    String tree,
    ReplicationKey key,
    KeyPosition.Basis basis) {

  /// What `Split.kind()` says.
  static final String KIND = "key";

  private static final int FEW_ROWS = 64;

  KeyScan {
    wires = List.copyOf(wires);
  }

  /// What a transaction sees.
  ///
  /// @param oldest the oldest transaction that was running
  /// @param next the number of the transaction that the server begins next
  /// @param ahead which rows lie ahead
  /// @param rank the rank of the position, where there is a lookback
  record Moment(long oldest, long next, OutlierKeys ahead, double rank) {}

  Split split(String id, Position from) {
    Map<String, String> arguments = new HashMap<>();
    arguments.put("oid", Long.toString(oid));
    arguments.put("computed", Boolean.toString(isComputed));
    arguments.put("label", label);
    arguments.put("schema", SchemaCodec.write(schema));
    arguments.put("wires", wires.stream().map(WireFormat::name).collect(Collectors.joining(" ")));
    arguments.put("expressions", expressions);
    arguments.put("table", table);
    arguments.put("numbered", Boolean.toString(numbered));
    arguments.put("tree", tree);
    arguments.put("key", SchemaCodec.write(new Schema(key.fields(), List.of())));
    arguments.put("lookback", key.lookback());
    arguments.put("next", Long.toString(basis.next()));
    arguments.put("file", basis.file());
    arguments.put("columns", basis.columns());
    for (int i = 0; i < key.orders().size(); i++) {
      arguments.putAll(key.orders().get(i).arguments("key" + i + "."));
    }
    return Split.of(id, stream, from, WriteMode.APPEND, KIND, arguments);
  }

  /// @throws IllegalArgumentException if the split is not one that [#split] has made
  static KeyScan of(Split split) {
    if (!split.kind().equals(KIND) || split.streams().size() != 1) {
      throw new IllegalArgumentException("read " + split.id() + " is not a scan by key");
    }
    String wires = split.argument("wires");
    Schema key = SchemaCodec.read(split.argument("key"));
    return new KeyScan(
        split.streams().getFirst(),
        split.argument("label"),
        SchemaCodec.read(split.argument("schema")),
        wires.isEmpty()
            ? List.of()
            : Arrays.stream(wires.split(" ", -1)).map(WireFormat::valueOf).toList(),
        split.argument("expressions"),
        split.argument("table"),
        Long.parseLong(split.argument("oid")),
        Boolean.parseBoolean(split.argument("computed")),
        Boolean.parseBoolean(split.argument("numbered")),
        split.argument("tree"),
        new ReplicationKey(
            key.fields(),
            IntStream.range(0, key.fields().size())
                .mapToObj(i -> KeyOrder.of(split, "key" + i + "."))
                .toList(),
            split.argument("lookback")),
        new KeyPosition.Basis(
            Long.parseLong(split.argument("next")),
            split.argument("file"),
            split.argument("columns")));
  }

  /// Where a stream is left whose rows are all known: at the highest key that may hold a position,
  /// with the rows that stand there, as a session in a transaction sees them.
  ///
  /// @param clock the server's
  /// @param small whether all rows may be looked at
  KeyPosition highest(Session session, String clock, boolean small)
      throws SQLException, IOException {
    prepare(session);
    KeyPosition found = found(session, clock, small);
    if (isComputed) {
      session.execute(Session.CATALOG_SEARCH_PATH);
    }
    return found;
  }

  private KeyPosition found(Session session, String clock, boolean small)
      throws SQLException, IOException {
    OutlierKeys ahead = OutlierKeys.of(key, clock);
    List<String> values = small ? List.of() : setHighest(session, ahead);
    KeyPosition from =
        new KeyPosition(values, "", "", "", Optional.empty(), false, KeyPosition.Basis.UNKNOWN);
    Moment moment = moment(session, values, ahead);
    // More rows than can be remembered are not looked at one by one where the server knows better.
    String limit = numbered && !small ? " LIMIT " + (SeenRows.MAX_ROWS + 1) : "";
    return reached(session, copy(moment, from, limit), new KeyProgress(this, moment, from));
  }

  // In two steps: an index is taken only for what is known when the statement is planned. The
  // server itself puts the values where the second statement finds them.
  private List<String> setHighest(Session session, OutlierKeys ahead) throws SQLException {
    String settings =
        IntStream.range(0, key.fields().size())
            .mapToObj(i ->
                "pg_catalog.set_config('%s', highest.k%d::pg_catalog.text, true)"
                    .formatted(ReplicationKey.setting(i), i))
            .collect(Collectors.joining(", "));
    String columns =
        IntStream.range(0, key.fields().size())
            .mapToObj(i -> ReplicationKey.name(key.fields().get(i)) + " AS k" + i)
            .collect(Collectors.joining(", "));
    List<List<String>> rows =
        session.query(
            "SELECT %s FROM (SELECT %s FROM %s AS %s WHERE %s AND %s ORDER BY %s LIMIT 1) AS highest"
                .formatted(
                    settings,
                    columns,
                    table,
                    ReplicationKey.ALIAS,
                    key.present(),
                    ahead.credible(),
                    key.descending()),
            row -> {
              List<String> values = new ArrayList<>();
              for (int i = 1; i <= key.fields().size(); i++) {
                values.add(row.getString(i));
              }
              return values;
            });
    return rows.isEmpty() ? List.of() : rows.getFirst();
  }

  private KeyPosition reached(Session session, String statement, KeyProgress progress)
      throws SQLException, IOException {
    Batch batch = new Batch(stream, schema, FEW_ROWS);
    CopyBinaryDecoder decoder = decoder(batch, progress);
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
    progress.ended(session);
    return progress.end();
  }

  /// Begins to read.
  ///
  /// @param session in a transaction; the reader's from now on
  CopyReader begin(
      Sessions sessions, RecoveryConflicts conflicts, Session session, Position position)
      throws IOException {
    KeyPosition from = from(position);
    Moment moment;
    try {
      set(session, from.values());
      moment = moment(session, from.values(), null);
    } catch (SQLException e) {
      sessions.drop(session);
      throw SqlFailures.of(e, label);
    }
    KeyPosition known = from.knownAt(moment.next());
    Batch batch = new Batch(stream, schema, CopyReader.rowsAtMost(schema.size()));
    KeyProgress progress = new KeyProgress(this, moment, known);
    return CopyReader.begin(
        sessions,
        conflicts,
        session,
        label,
        copy(moment, known, ""),
        batch,
        decoder(batch, progress),
        progress,
        new InvalidTextFinder(
            stream,
            schema,
            table,
            select(moment, known, ""),
            false,
            key.hidden(moment.ahead()).size(),
            again -> {
              again.beginSnapshot();
              set(again, from.values());
            }));
  }

  private void set(Session session, List<String> values) throws SQLException {
    for (int i = 0; i < values.size(); i++) {
      session.set(ReplicationKey.setting(i), values.get(i));
    }
    prepare(session);
  }

  private record Look(long oldest, long next, String clock, double rank) {}

  private Moment moment(Session session, List<String> values, @Nullable OutlierKeys ahead)
      throws SQLException {
    boolean ranked = key.isRanked() && !values.isEmpty();
    Look look =
        session
            .query(
                "SELECT pg_catalog.txid_snapshot_xmin(s), pg_catalog.txid_snapshot_xmax(s), %s, %s FROM pg_catalog.txid_current_snapshot() AS s"
                    .formatted(OutlierKeys.CLOCK, ranked ? key.rankOfPosition() : "'0'"),
                row ->
                    new Look(
                        row.getLong(1),
                        row.getLong(2),
                        row.getString(3),
                        Double.parseDouble(row.getString(4))))
            .getFirst();
    return new Moment(
        look.oldest(),
        look.next(),
        ahead == null ? OutlierKeys.of(key, look.clock()) : ahead,
        look.rank());
  }

  /// The same whose positions rest on something else.
  KeyScan on(KeyPosition.Basis other) {
    return new KeyScan(
        stream,
        label,
        schema,
        wires,
        expressions,
        table,
        oid,
        isComputed,
        numbered,
        tree,
        key,
        other);
  }

  Position position(KeyPosition position) {
    return position.in(key, oid, tree);
  }

  /// Reads what [#position] has written, as far as it tells something now.
  KeyPosition from(Position position) {
    return KeyPosition.of(key, position, tree, numbered);
  }

  /// Whether a position has transactions that tell nothing any more.
  boolean isUnknown(Position position) {
    return KeyPosition.isUnknown(position, tree, numbered);
  }

  private void prepare(Session session) throws SQLException {
    if (isComputed) {
      session.execute(Session.OWN_SEARCH_PATH);
    }
    if (key.isRanked()) {
      session.set(ReplicationKey.LOOKBACK, key.lookback());
    }
  }

  private CopyBinaryDecoder decoder(Batch batch, KeyProgress progress) {
    return new CopyBinaryDecoder(
        batch, wires, key.hidden(progress.moment().ahead()).size(), progress);
  }

  /// What a statement says of the rows at or beyond the position whose values are in the settings.
  ///
  /// @param values the position's; empty for all rows
  String rows(List<String> values) {
    return "FROM %s AS %s WHERE %s"
        .formatted(
            table,
            ReplicationKey.ALIAS,
            values.isEmpty() ? key.present() : key.beyond() + " AND " + key.present());
  }

  private String copy(Moment moment, KeyPosition from, String limit) {
    return "COPY (%s) TO STDOUT (FORMAT binary)".formatted(select(moment, from, limit));
  }

  private String select(Moment moment, KeyPosition from, String limit) {
    List<String> all = new ArrayList<>();
    if (!expressions.isEmpty()) {
      all.add(expressions);
    }
    all.addAll(key.hidden(moment.ahead()));
    String known =
        from.transactions()
            .map(transactions -> " AND NOT (" + transactions.covers(moment.next()) + ")")
            .orElse("");
    return "SELECT %s %s%s ORDER BY %s%s"
        .formatted(String.join(", ", all), rows(from.values()), known, key.ascending(), limit);
  }
}
