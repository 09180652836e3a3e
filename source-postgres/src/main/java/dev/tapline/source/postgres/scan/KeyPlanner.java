package dev.tapline.source.postgres.scan;

import dev.tapline.source.postgres.catalog.CatalogReader;
import dev.tapline.source.postgres.catalog.Column;
import dev.tapline.source.postgres.catalog.Quote;
import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.source.postgres.connect.Failures;
import dev.tapline.source.postgres.connect.Session;
import dev.tapline.source.postgres.connect.Sessions;
import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.method.Resumption;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.GoingOn;
import dev.tapline.spi.source.Read;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Plans scans by replication key, and opens them.
public final class KeyPlanner {
  private static final long SMALL = 1 << 20;

  private final Sessions sessions;
  private final Conflicts conflicts;

  /// @param sessions how to reach the databases
  /// @param conflicts is told of scans that a standby has ended
  public KeyPlanner(Sessions sessions, Conflicts conflicts) {
    this.sessions = sessions;
    this.conflicts = conflicts;
  }

  /// Why a stream cannot be read by its key; empty text when it can.
  public static String problem(Stream stream) {
    return KeyForm.problem(stream);
  }

  /// Whether a read is one of this class.
  public static boolean isOwn(Read read) {
    return read.kind().equals(KeyScan.KIND);
  }

  /// Plans how streams go on, each from where it was left.
  public GoingOn after(List<Resumption> streams) throws IOException {
    Map<String, List<Resumption>> byDatabase =
        streams.stream()
            .collect(
                Collectors.groupingBy(
                    resumption -> resumption.stream().name().database(),
                    TreeMap::new,
                    Collectors.toList()));
    List<Read> reads = new ArrayList<>();
    Map<StreamName, String> outdated = new HashMap<>();
    for (Map.Entry<String, List<Resumption>> entry : byDatabase.entrySet()) {
      Map<StreamName, Table> tables = tables(entry.getKey(), entry.getValue());
      for (Resumption resumption : entry.getValue()) {
        Stream stream = resumption.stream();
        KeyForm key = KeyForm.of(stream);
        Table table = Splitter.require(label(stream), tables.get(stream.name()));
        if (!key.isOwn(resumption.position())) {
          outdated.put(stream.name(), "its replication key is now " + key.said());
        } else if (!KeyScan.isOf(table.facts().oid(), resumption.position())) {
          outdated.put(stream.name(), "it was dropped and made anew");
        } else {
          String id = Splitter.id(stream.name(), table.facts().oid()) + "-key";
          reads.add(scan(stream, table).read(id, resumption.position()));
        }
      }
    }
    return new GoingOn(reads, outdated);
  }

  /// Begins a read.
  public BatchReader open(Read read) throws IOException {
    KeyScan scan = KeyScan.of(read);
    Session session = begin(scan.stream().database(), scan.label());
    return scan.begin(sessions, conflicts, session, read.from().values().iterator().next());
  }

  /// Where a stream is left when it was scanned in whole under a snapshot.
  public Position under(PostgresSnapshot snapshot, Stream stream) throws IOException {
    @Nullable Position known = snapshot.marks(KeyPlanner::isAhead, KeyPlanner::mark).get(stream);
    return known == null
        ? snapshot.look(stream.name().database(), onlooker -> mark(onlooker, snapshot, stream))
        : known;
  }

  private static boolean isAhead(Stream stream) {
    return !stream.replicationKey().isEmpty() && problem(stream).isEmpty();
  }

  private static Position mark(Onlooker onlooker, PostgresSnapshot snapshot, Stream stream)
      throws IOException {
    @Nullable Table found = snapshot.table(stream.name()).orElse(null);
    Table table = Splitter.require(label(stream), found);
    KeyScan scan = scan(stream, table);
    long bytes = table.facts().heapBytes();
    boolean small = bytes >= 0 && bytes <= SMALL && table.children().isEmpty();
    return onlooker.look(scan.label(), session -> scan.highest(session, small));
  }

  private Session begin(String database, String label) throws IOException {
    Session session = sessions.borrow(database);
    try {
      session.beginSnapshot();
      return session;
    } catch (SQLException e) {
      sessions.drop(session);
      throw Failures.of(e, label);
    }
  }

  private Map<StreamName, Table> tables(String database, List<Resumption> streams)
      throws IOException {
    String label = "database '" + database + "'";
    Session session = begin(database, label);
    try {
      Map<StreamName, Table> tables =
          CatalogReader.readSome(
              session, streams.stream().map(resumption -> resumption.stream().name()).toList());
      session.rollback();
      sessions.giveBack(session);
      return tables;
    } catch (SQLException e) {
      sessions.drop(session);
      throw Failures.of(e, label);
    }
  }

  private static String label(Stream stream) {
    return Scan.label(stream.kind(), stream.name());
  }

  private static KeyScan scan(Stream stream, Table table) throws IOException {
    List<Column> columns = Splitter.columns(label(stream), stream, table);
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
        KeyForm.of(stream));
  }
}
