package dev.tapline.source.postgres.scan;

import dev.tapline.source.postgres.catalog.Column;
import dev.tapline.source.postgres.catalog.Quote;
import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.source.postgres.connect.DatabaseNames;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.source.Split;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Splits tables into scans.
///
/// - A table or materialized view is split into ranges of ctids where the server can go straight to
///   a range (from 14 on) and the user may read the whole table; else it is one scan.
/// - A partitioned table is split into its leaves, each of them as above, if the user may read
///   them; else it is one scan of the parent.
/// - A table from which others inherit is one scan of it and them together, as SELECT has it.
/// - A view or foreign table is one scan.
public final class Splitter {
  private static final int VERSION_WITH_RANGE_SCANS = 140_000;
  private static final int BLOCK = 8_192;
  private static final long SMALLEST_RANGE = 4L << 20;

  private final PostgresSnapshot.Moment moment;
  private final Stream stream;
  private final long splitSize;
  private final int parallelism;
  private final Map<Long, String> filters;

  private Splitter(
      PostgresSnapshot.Moment moment,
      Stream stream,
      Map<Long, String> filters,
      long splitSize,
      int parallelism) {
    this.filters = filters;
    this.moment = moment;
    this.stream = stream;
    this.splitSize = splitSize;
    this.parallelism = parallelism;
  }

  /// Plans the scans of a stream.
  ///
  /// @param filters conditions that rows must meet, by the number of the table
  /// @param splitSize bytes that a range should have
  /// @param parallelism how many scans run at once
  public static List<Split> split(
      PostgresSnapshot snapshot,
      Stream stream,
      Map<Long, String> filters,
      long splitSize,
      int parallelism)
      throws IOException {
    PostgresSnapshot.Moment moment =
        snapshot
            .moment(stream.name().database())
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "the snapshot was not opened for " + stream.name().qualified()));
    return new Splitter(moment, stream, filters, splitSize, parallelism).splits();
  }

  private List<Split> splits() throws IOException {
    Table table = require(label(), moment.tables().get(stream.name()));
    List<Column> columns = columns(label(), stream, table);
    List<Scan> scans = new ArrayList<>();
    collect(table, true, columns, scans);
    if (scans.isEmpty()) {
      // A partitioned table without partitions: its scan brings no row, and says that it is done.
      scans.add(whole(table, columns, "FROM "));
    }
    List<Split> splits = new ArrayList<>(scans.size());
    for (int i = 0; i < scans.size(); i++) {
      splits.add(scans.get(i).split(id(table, i)));
    }
    return splits;
  }

  private void collect(Table table, boolean root, List<Column> columns, List<Scan> scans) {
    boolean partitioned = table.facts().kind() == 'p';
    if (partitioned && (!root || leavesCanBeRead(table))) {
      table.children().forEach(leaf -> collect(leaf, false, columns, scans));
    } else if (partitioned || !table.children().isEmpty() || !table.facts().hasBlocks()) {
      scans.add(whole(table, columns, "FROM "));
    } else if (moment.version() >= VERSION_WITH_RANGE_SCANS && table.facts().selectable()) {
      ranges(table, columns, scans);
    } else {
      scans.add(whole(table, columns, "FROM ONLY "));
    }
  }

  // The leaves have privileges of their own, which reading the parent does not ask for.
  private static boolean leavesCanBeRead(Table parent) {
    return parent.children().stream()
        .allMatch(child ->
            child.facts().selectable() && child.facts().schemaUsable() && leavesCanBeRead(child));
  }

  private void ranges(Table table, List<Column> columns, List<Scan> scans) {
    Scan all = whole(table, columns, "FROM ONLY ");
    long bytes = Math.max(0, table.facts().heapBytes());
    long blocks = Math.ceilDiv(bytes, BLOCK);
    // As many ranges for each reader, so that none has to wait for one that is left over.
    long share = Math.ceilDiv(blocks, parallelism);
    long rounds = Math.max(1, Math.ceilDiv(share, Math.max(1, splitSize / BLOCK)));
    long smallest = Math.max(1, Math.min(SMALLEST_RANGE, splitSize) / BLOCK);
    long step = Math.max(smallest, Math.ceilDiv(share, rounds));
    long start = 0;
    // The last range has no end: whatever was added since the size was asked for lies in it.
    while (start + step < blocks) {
      scans.add(range(all, start, start + step));
      start += step;
    }
    scans.add(range(all, start, -1));
  }

  private static Scan range(Scan all, long from, long to) {
    List<String> conditions = new ArrayList<>();
    if (!all.range().isEmpty()) {
      conditions.add("(" + all.range() + ")");
    }
    if (from > 0) {
      conditions.add("ctid >= '(%d,0)'::pg_catalog.tid".formatted(from));
    }
    if (to >= 0) {
      conditions.add("ctid < '(%d,0)'::pg_catalog.tid".formatted(to));
    }
    return new Scan(
        all.stream(),
        all.label(),
        all.schema(),
        all.wires(),
        all.snapshot(),
        all.selection(),
        String.join(" AND ", conditions),
        all.origin(),
        all.members());
  }

  private Scan whole(Table table, List<Column> columns, String from) {
    String expressions =
        columns.stream()
            .map(column -> column.type().expression(Quote.name(column.field().name())))
            .collect(Collectors.joining(", "));
    List<Long> members = new ArrayList<>();
    if (from.endsWith("ONLY ")) {
      members.add(table.facts().oid());
    } else {
      addMembers(table, members);
      members.addAll(moment.beneath().getOrDefault(table.facts().oid(), List.of()));
    }
    return new Scan(
        stream.name(),
        label(),
        stream.schema(),
        columns.stream().map(column -> column.type().wire()).toList(),
        moment.id(),
        (expressions + " " + from + table.facts().quoted()).strip(),
        filters.getOrDefault(table.facts().oid(), ""),
        new Scan.Origin(table.facts().quoted(), table.facts().oid(), table.isComputed()),
        members);
  }

  private static void addMembers(Table table, List<Long> members) {
    members.add(table.facts().oid());
    table.children().forEach(child -> addMembers(child, members));
  }

  /// A table that must be there.
  static Table require(String label, @Nullable Table table) throws IOException {
    if (table == null) {
      throw new IOException(
          label + " is not there any more; run again with the tables that there are now");
    }
    return table;
  }

  /// The columns of a stream in its table.
  ///
  /// @throws IOException if they are not what they were
  static List<Column> columns(String label, Stream stream, Table table) throws IOException {
    Map<String, Column> byName =
        table.columns().stream()
            .collect(Collectors.toMap(column -> column.field().name(), Function.identity()));
    List<Column> columns = new ArrayList<>();
    for (Field field : stream.schema().fields()) {
      @Nullable Column column = byName.get(field.name());
      if (column == null) {
        throw new IOException(
            "%s has no column '%s' any more that this user may read; run again with the columns that there are now"
                .formatted(label, field.name()));
      }
      if (!column.field().type().equals(field.type())) {
        throw new IOException(
            "column '%s' of %s was %s and is now %s; run again to read it as it is now"
                .formatted(field.name(), label, field.sourceType(), column.field().sourceType()));
      }
      columns.add(column);
    }
    return columns;
  }

  private String label() {
    return Scan.label(stream.kind(), stream.name());
  }

  private String id(Table table, int index) {
    return id(stream.name(), table.facts().oid()) + "-" + index;
  }

  // Unique by the table's number; the name is for people.
  static String id(StreamName stream, long oid) {
    String name = stream.toString().replaceAll("[^A-Za-z0-9._-]", "_");
    return "%s.%s.%d".formatted(DatabaseNames.distinct(stream.database()), name, oid);
  }
}
