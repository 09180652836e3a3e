package dev.tapline.source.postgres.snapshot;

import dev.tapline.source.postgres.catalog.SchemaCodec;
import dev.tapline.source.postgres.codec.WireFormat;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.sql.Quote;
import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.source.Split;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The scan of a table, or of a range of it: what a [Split] of kind [#KIND] holds.
///
/// @param stream whose rows
/// @param label what messages call it, as in `table public.orders`
/// @param schema the fields
/// @param wires how the values of each field arrive
/// @param snapshot the name of the exported snapshot
/// @param selection what the query says between SELECT and WHERE
/// @param range what it says behind WHERE, or nothing
/// @param origin the table that is read, quoted, and its number
/// @param members the numbers of all tables whose rows come with it, itself included
record TableScan(
    StreamName stream,
    String label,
    Schema schema,
    List<WireFormat> wires,
    String snapshot,
    String selection,
    String range,
    Origin origin,
    List<Long> members) {

  /// What `Split.kind()` says.
  static final String KIND = "scan";

  /// A table at the moment of the snapshot.
  ///
  /// @param quoted its quoted name
  /// @param oid its number
  /// @param isComputed whether something that users have defined runs when it is read, which may
  ///   rely on the search path of the role
  record Origin(String quoted, long oid, boolean isComputed) {}

  TableScan {
    wires = List.copyOf(wires);
    // A table that inherits from several is met more than once.
    members = members.stream().distinct().toList();
  }

  /// The statement that makes the server send the rows.
  String copy() {
    return "COPY (SELECT %s%s) TO STDOUT (FORMAT binary)"
        .formatted(selection, range.isEmpty() ? "" : " WHERE " + range);
  }

  /// What finds the value that the server cannot convert, if that ends the scan.
  InvalidTextFinder strays() {
    // Only a table that is read alone has its rows in places that say which they are.
    boolean placed = selection.contains(" FROM ONLY ");
    return new InvalidTextFinder(
        stream,
        schema,
        origin.quoted(),
        "SELECT %s%s%s"
            .formatted(placed ? "ctid, " : "", selection, range.isEmpty() ? "" : " WHERE " + range),
        placed,
        0,
        session -> {
          session.beginSnapshot();
          CopyReader.adopt(session, snapshot, label);
          if (origin.isComputed()) {
            session.execute(Session.OWN_SEARCH_PATH);
          }
        });
  }

  /// Statements that lock the tables as the scan will, so that they stay as they are from then on.
  /// Whoever waits for a lock without end cannot be told to stop: it is tried again instead.
  String probe() {
    return "SET LOCAL lock_timeout = '5s'; %sSELECT %s LIMIT 0; SET LOCAL lock_timeout = 0"
        .formatted(origin.isComputed() ? Session.OWN_SEARCH_PATH + "; " : "", selection);
  }

  /// A query for whether the tables are still those that the snapshot saw: whether the name still
  /// means the same table, and whether each table's rows still stand in the same file. TRUNCATE and
  /// whatever rewrites a table replace the file, and the rows of before are gone from it, even for
  /// an older snapshot. It means the same under each search path.
  String unchanged() {
    String list = members.stream().map(String::valueOf).collect(Collectors.joining(","));
    return """
    SELECT coalesce(%s::pg_catalog.regclass::pg_catalog.oid OPERATOR(pg_catalog.=) %d::pg_catalog.oid, false)
      AND (SELECT pg_catalog.count(*) FROM pg_catalog.pg_class c
           WHERE c.oid OPERATOR(pg_catalog.=) ANY ('{%s}'::pg_catalog.oid[])
             AND (c.relkind OPERATOR(pg_catalog.<>) ALL ('{r,m}'::pg_catalog."char"[])
                  OR c.relfilenode OPERATOR(pg_catalog.=) pg_catalog.pg_relation_filenode(c.oid)))
          OPERATOR(pg_catalog.=) %d::pg_catalog.int8
    """
        .formatted(Quote.text(origin.quoted()), origin.oid(), list, members.size());
  }

  Split split(String id) {
    return Split.of(
        id,
        stream,
        Position.START,
        WriteMode.REPLACE,
        KIND,
        Map.ofEntries(
            Map.entry("label", label),
            Map.entry("schema", SchemaCodec.write(schema)),
            Map.entry(
                "wires", wires.stream().map(WireFormat::name).collect(Collectors.joining(" "))),
            Map.entry("snapshot", snapshot),
            Map.entry("selection", selection),
            Map.entry("range", range),
            Map.entry("table", origin.quoted()),
            Map.entry("oid", String.valueOf(origin.oid())),
            Map.entry("computed", String.valueOf(origin.isComputed())),
            Map.entry(
                "members",
                members.stream().map(String::valueOf).collect(Collectors.joining(" ")))));
  }

  /// @throws IllegalArgumentException if the split is not one that [#split(String)] has made
  static TableScan of(Split split) {
    if (!split.kind().equals(KIND) || split.streams().size() != 1) {
      throw new IllegalArgumentException("read " + split.id() + " is not the scan of a table");
    }
    return new TableScan(
        split.streams().getFirst(),
        split.argument("label"),
        SchemaCodec.read(split.argument("schema")),
        words(split.argument("wires")).stream().map(WireFormat::valueOf).toList(),
        split.argument("snapshot"),
        split.argument("selection"),
        split.argument("range"),
        new Origin(
            split.argument("table"),
            Long.parseLong(split.argument("oid")),
            Boolean.parseBoolean(split.argument("computed"))),
        words(split.argument("members")).stream().map(Long::valueOf).toList());
  }

  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : Arrays.asList(text.split(" ", -1));
  }
}
