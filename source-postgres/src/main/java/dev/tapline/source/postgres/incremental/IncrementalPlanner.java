package dev.tapline.source.postgres.incremental;

import dev.tapline.source.postgres.catalog.CatalogReader;
import dev.tapline.source.postgres.catalog.Column;
import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.connection.Sessions;
import dev.tapline.source.postgres.snapshot.PostgresSnapshot;
import dev.tapline.source.postgres.snapshot.RecoveryConflicts;
import dev.tapline.source.postgres.snapshot.SnapshotSession;
import dev.tapline.source.postgres.snapshot.StreamTables;
import dev.tapline.source.postgres.sql.Quote;
import dev.tapline.source.postgres.sql.SqlFailures;
import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.Relation;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.ResumePlan;
import dev.tapline.spi.source.Split;
import dev.tapline.spi.source.StreamPosition;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Plans scans by replication key, and opens them.
public final class IncrementalPlanner {
  private static final Logger LOG = LoggerFactory.getLogger("plan");

  // So much is read sooner than looked into with two questions.
  private static final long SMALL = 1 << 17;

  private final Sessions sessions;
  private final RecoveryConflicts conflicts;

  /// @param sessions how to reach the databases
  /// @param conflicts counts scans that a standby has cancelled
  public IncrementalPlanner(Sessions sessions, RecoveryConflicts conflicts) {
    this.sessions = sessions;
    this.conflicts = conflicts;
  }

  /// Why a stream cannot be read by its key; empty text when it can.
  public static String problem(Stream stream) {
    return KeyTypes.problem(stream);
  }

  /// The columns of each relation that are offered as replication keys.
  public Map<StreamName, List<String>> candidates(Collection<Relation> relations)
      throws IOException {
    return KeyCandidates.of(sessions, relations);
  }

  /// Whether a split is one of this class.
  public static boolean isOwn(Split split) {
    return split.kind().equals(KeyScan.KIND);
  }

  /// Plans how streams go on, each from where it was left.
  public ResumePlan after(List<StreamPosition> streams) throws IOException {
    Map<String, List<StreamPosition>> byDatabase =
        streams.stream()
            .collect(
                Collectors.groupingBy(
                    left -> left.stream().name().database(), TreeMap::new, Collectors.toList()));
    List<Split> splits = new ArrayList<>();
    Map<StreamName, String> outdated = new HashMap<>();
    Map<StreamName, List<String>> doubts = new HashMap<>();
    for (Map.Entry<String, List<StreamPosition>> entry : byDatabase.entrySet()) {
      ResumePlan plan = sessions.with(entry.getKey(), session -> after(session, entry.getValue()));
      splits.addAll(plan.splits());
      outdated.putAll(plan.outdated());
      doubts.putAll(plan.doubts());
    }
    return new ResumePlan(splits, outdated, doubts);
  }

  private static ResumePlan after(Session session, List<StreamPosition> streams)
      throws SQLException, IOException {
    session.beginSnapshot();
    Map<StreamName, Table> tables =
        CatalogReader.readSome(
            session, streams.stream().map(left -> left.stream().name()).toList());
    Map<Stream, Table> keyed = new LinkedHashMap<>();
    for (StreamPosition left : streams) {
      Stream stream = left.stream();
      keyed.put(stream, StreamTables.require(label(stream), tables.get(stream.name())));
    }
    KeyCatalog catalog = KeyCatalog.read(session, keyed);
    ResumePlanner planner = new ResumePlanner(session, catalog);
    for (StreamPosition left : streams) {
      Stream stream = left.stream();
      Table table = StreamTables.require(label(stream), keyed.get(stream));
      planner.add(
          scan(stream, table, catalog),
          left.position(),
          StreamTables.columns(label(stream), stream, table),
          table.numbers());
    }
    ResumePlan plan = planner.end();
    session.rollback();
    return plan;
  }

  /// What reading streams by their keys does not see.
  public List<String> blindSpots(List<Stream> streams) throws IOException {
    List<String> told = new ArrayList<>();
    KeyBlindSpots.lateCommits(streams)
        .ifPresent(late -> told.add(late + "; " + KeyBlindSpots.ofLateCommits()));
    Map<String, List<Stream>> byDatabase =
        streams.stream()
            .collect(
                Collectors.groupingBy(
                    stream -> stream.name().database(), TreeMap::new, Collectors.toList()));
    for (Map.Entry<String, List<Stream>> entry : byDatabase.entrySet()) {
      Map<StreamName, List<String>> found =
          sessions.with(
              entry.getKey(),
              session -> {
                session.beginSnapshot();
                Map<StreamName, List<String>> doubts =
                    KeyBlindSpots.find(session, entry.getValue());
                session.rollback();
                return doubts;
              });
      found.forEach(
          (stream, doubts) -> doubts.forEach(doubt -> told.add("stream " + stream + ": " + doubt)));
    }
    return told;
  }

  /// Begins a split.
  public BatchReader open(Split split) throws IOException {
    KeyScan scan = KeyScan.of(split);
    Session session = begin(scan.stream().database(), scan.label());
    return scan.begin(sessions, conflicts, session, split.from().values().iterator().next());
  }

  /// Where a stream is left when it was scanned in whole under a snapshot.
  public Position under(PostgresSnapshot snapshot, Stream stream) throws IOException {
    @Nullable Position known =
        SnapshotKeys.of(snapshot)
            .highWaterMarks(IncrementalPlanner::isKeyed, IncrementalPlanner::highWaterMark)
            .get(stream);
    return known == null
        ? snapshot.look(
            stream.name().database(), session -> highWaterMark(session, snapshot, stream))
        : known;
  }

  private static boolean isKeyed(Stream stream) {
    return !stream.replicationKey().isEmpty() && problem(stream).isEmpty();
  }

  private static Position highWaterMark(
      SnapshotSession snapshotSession, PostgresSnapshot snapshot, Stream stream)
      throws IOException {
    @Nullable Table found = snapshot.table(stream.name()).orElse(null);
    Table table = StreamTables.require(label(stream), found);
    KeyCatalog catalog = SnapshotKeys.of(snapshot).catalog(stream.name().database());
    KeyScan scan = scan(stream, table, catalog);
    long bytes = table.facts().heapBytes();
    boolean small = bytes >= 0 && bytes <= SMALL && table.children().isEmpty();
    KeyPosition highest =
        snapshotSession.look(
            scan.label(), session -> scan.highest(session, catalog.clock(), small));
    if (!highest.far().isEmpty()) {
      LOG.warn(
          "stream {}: {}",
          stream.name(),
          OutlierKeys.of(scan.key(), catalog.clock()).told(highest.far()));
    }
    return scan.position(highest);
  }

  private Session begin(String database, String label) throws IOException {
    Session session = sessions.borrow(database);
    try {
      session.beginSnapshot();
      return session;
    } catch (SQLException e) {
      sessions.drop(session);
      throw SqlFailures.of(e, label);
    }
  }

  private static String label(Stream stream) {
    return StreamTables.label(stream.kind(), stream.name());
  }

  private static KeyScan scan(Stream stream, Table table, KeyCatalog catalog) throws IOException {
    List<Column> columns = StreamTables.columns(label(stream), stream, table);
    Optional<String> problem = catalog.orders().problem(table.facts().oid(), stream);
    if (problem.isPresent()) {
      throw new IOException(label(stream) + ": " + problem.get());
    }
    List<KeyOrder> orders = catalog.orders().of(table.facts().oid(), stream.replicationKey());
    return new KeyScan(
        stream.name(),
        label(stream),
        stream.schema(),
        columns.stream().map(column -> column.type().wire()).toList(),
        columns.stream()
            .map(column -> column.type().expression(Quote.name(column.field().name())))
            .collect(Collectors.joining(", ")),
        table.facts().quoted(),
        table.facts().oid(),
        table.isComputed(),
        isNumbered(table),
        tree(table),
        ReplicationKey.of(stream, orders),
        catalog.basis(table, columns));
  }

  // A view has no transactions, a foreign table those of another server if any, and a materialized
  // view that of its last REFRESH. Who may read some columns may not read that of the numbers; of
  // tables beneath the one that is named, the server asks for no privilege.
  private static boolean isNumbered(Table table) {
    return table.facts().selectable()
        && table.withDescendants().stream()
            .map(member -> member.facts().kind())
            .allMatch(kind -> kind == 'r' || kind == 'p');
  }

  private static String tree(Table table) {
    return table.children().isEmpty()
        ? ""
        : SeenRows.digest(
            table.withDescendants().stream()
                .filter(member -> member.facts().kind() == 'r')
                .map(member -> member.facts().oid())
                .sorted()
                .map(String::valueOf)
                .collect(Collectors.joining(",")));
  }
}
