package dev.tapline.source.postgres.snapshot;

import dev.tapline.source.postgres.catalog.Column;
import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.source.postgres.sql.Quote;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.source.Split;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Splits tables into scans.
///
/// - A table or materialized view is split into ranges of ctids where the server can go straight to
///   a range (from 14 on) and the user may read the whole table; else it is one scan.
/// - A partitioned table is split into its leaves, each of them as above, if the user may read
///   them; else it is one scan of the parent.
/// - A table from which others inherit is one scan of it and them together, as SELECT has it.
/// - A view or foreign table is one scan.
public final class TableSplitter {
  private static final int VERSION_WITH_RANGE_SCANS = 140_000;
  private static final int BLOCK = 8_192;
  private static final long MIN_RANGE = 4L << 20;

  private final PostgresSnapshot.Moment moment;
  private final Stream stream;
  private final long splitSize;
  private final int parallelism;
  private final Map<Long, String> filters;

  private TableSplitter(
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
    return new TableSplitter(moment, stream, filters, splitSize, parallelism).splits();
  }

  private List<Split> splits() throws IOException {
    Table table = StreamTables.require(label(), moment.tables().get(stream.name()));
    List<Column> columns = StreamTables.columns(label(), stream, table);
    List<TableScan> scans = new ArrayList<>();
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

  private void collect(Table table, boolean root, List<Column> columns, List<TableScan> scans) {
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

  private void ranges(Table table, List<Column> columns, List<TableScan> scans) {
    TableScan all = whole(table, columns, "FROM ONLY ");
    long bytes = Math.max(0, table.facts().heapBytes());
    long blocks = Math.ceilDiv(bytes, BLOCK);
    // As many ranges for each reader, so that none has to wait for one that is left over.
    long share = Math.ceilDiv(blocks, parallelism);
    long rounds = Math.max(1, Math.ceilDiv(share, Math.max(1, splitSize / BLOCK)));
    long smallest = Math.max(1, Math.min(MIN_RANGE, splitSize) / BLOCK);
    long step = Math.max(smallest, Math.ceilDiv(share, rounds));
    long start = 0;
    // The last range has no end: whatever was added since the size was asked for lies in it.
    while (start + step < blocks) {
      scans.add(range(all, start, start + step));
      start += step;
    }
    scans.add(range(all, start, -1));
  }

  private static TableScan range(TableScan all, long from, long to) {
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
    return new TableScan(
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

  private TableScan whole(Table table, List<Column> columns, String from) {
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
    return new TableScan(
        stream.name(),
        label(),
        stream.schema(),
        columns.stream().map(column -> column.type().wire()).toList(),
        moment.id(),
        (expressions + " " + from + table.facts().quoted()).strip(),
        filters.getOrDefault(table.facts().oid(), ""),
        new TableScan.Origin(table.facts().quoted(), table.facts().oid(), table.isComputed()),
        members);
  }

  private static void addMembers(Table table, List<Long> members) {
    members.add(table.facts().oid());
    table.children().forEach(child -> addMembers(child, members));
  }

  private String label() {
    return StreamTables.label(stream.kind(), stream.name());
  }

  private String id(Table table, int index) {
    return StreamTables.id(stream.name(), table.facts().oid()) + "-" + index;
  }
}
