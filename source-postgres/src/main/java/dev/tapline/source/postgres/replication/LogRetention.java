package dev.tapline.source.postgres.replication;

import dev.tapline.source.postgres.catalog.CatalogReader;
import dev.tapline.source.postgres.catalog.StoredEncoding;
import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.source.postgres.config.ReplicationConfig;
import dev.tapline.source.postgres.config.ReplicationConfig.Plugin;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.connection.Sessions;
import dev.tapline.source.postgres.replication.facts.Consequence;
import dev.tapline.source.postgres.replication.facts.CurrentFacts;
import dev.tapline.source.postgres.replication.facts.Difference;
import dev.tapline.source.postgres.replication.facts.FactComparison;
import dev.tapline.source.postgres.replication.facts.FactReader;
import dev.tapline.source.postgres.replication.facts.LogDescription;
import dev.tapline.source.postgres.replication.facts.ServerComparison;
import dev.tapline.source.postgres.replication.facts.ServerIdentity;
import dev.tapline.source.postgres.replication.facts.StreamFacts;
import dev.tapline.source.postgres.replication.facts.StreamTable;
import dev.tapline.source.postgres.replication.position.LogPosition;
import dev.tapline.source.postgres.replication.position.Lsn;
import dev.tapline.source.postgres.replication.publication.LoggedTables;
import dev.tapline.source.postgres.replication.publication.Publications;
import dev.tapline.source.postgres.replication.publication.PublishedSubset;
import dev.tapline.source.postgres.replication.publication.TableWriters;
import dev.tapline.source.postgres.replication.slot.ReplicationSlot;
import dev.tapline.source.postgres.replication.slot.SlotCreator;
import dev.tapline.source.postgres.replication.slot.SlotName;
import dev.tapline.source.postgres.replication.slot.SlotOlderThanPublication;
import dev.tapline.source.postgres.replication.slot.SlotState;
import dev.tapline.spi.TransientException;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.source.StreamException;
import dev.tapline.spi.source.StreamPosition;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Makes sure that the server keeps the log that the streams of one database need.
///
/// The publication is created before the slot, since pgoutput looks it up as of the time of a
/// change; the slot is created before tables are copied, so that the log has everything that the
/// snapshots have not seen.
final class LogRetention {
  private final ReplicationConfig config;
  private final LossReporter losses;
  private final Sessions sessions;
  private final String database;
  private final Map<StreamName, String> again = new HashMap<>();
  private final Map<StreamName, Long> resumed = new TreeMap<>();
  private final List<Table> tables = new ArrayList<>();
  private final List<Table> joining = new ArrayList<>();
  private final Map<StreamName, String> outdated;
  private final Set<StreamName> earlier;
  private final List<Table> kept = new ArrayList<>();
  private final Map<StreamName, LogPosition> positions = new HashMap<>();
  private final Set<Long> late = new HashSet<>();

  /// @param outdated streams that turned out, while the log was read, to need a new copy, with the
  ///   reasons
  /// @param earlier streams that were retained before in this run: they may be copied now, or have
  ///   been, and so must stay published though they have no position yet
  LogRetention(
      ReplicationConfig config,
      LossReporter losses,
      Sessions sessions,
      String database,
      Map<StreamName, String> outdated,
      Set<StreamName> earlier) {
    this.outdated = Map.copyOf(outdated);
    this.earlier = Set.copyOf(earlier);
    this.config = config;
    this.losses = losses;
    this.sessions = sessions;
    this.database = database;
  }

  /// The streams that must be copied anew, with the reason.
  Map<StreamName, String> again() {
    return again;
  }

  /// @param absent other streams: only what they need is kept
  RetainedLog retain(List<StreamPosition> streams, List<StreamPosition> absent)
      throws IOException, InterruptedException {
    return sessions.with(database, session -> retain(session, streams, absent));
  }

  private RetainedLog retain(
      Session session, List<StreamPosition> streams, List<StreamPosition> absent)
      throws SQLException, IOException, InterruptedException {
    requireDecoding(session);
    ServerIdentity server = requireSameServer(streams);
    sort(session, streams, absent);
    ReplicationSlot slot =
        new ReplicationSlot(session, SlotName.of(session, config), config.plugin());
    Optional<SlotState> found = slot.find(resumed);
    SlotCreator creator = new SlotCreator(session, config, slot);
    Plugin plugin =
        found.isPresent()
            ? Plugin.valueOf(found.get().plugin().toUpperCase(java.util.Locale.ROOT))
            : creator.choose(tables);
    if (plugin == Plugin.WAL2JSON) {
      StoredEncoding.required(session);
    }
    losses.tell(session, tables, plugin, config);
    requireLogged(session, plugin);
    List<String> publications = plugin == Plugin.PGOUTPUT ? publish(session, slot) : List.of();
    // In one transaction for fewer statements.
    session.beginSnapshot();
    Map<Long, PublishedSubset> subsets = PublishedSubset.read(session, publications, tables);
    losses.reportHidden(tables, subsets);
    LogDescription log =
        new LogDescription(server, slot.name(), plugin.word(), config.format(), publications);
    Map<StreamName, StreamFacts> facts = compare(session, log, streams, subsets);
    session.rollback();
    if (found.isEmpty()) {
      creator.create(plugin, sessions);
    } else {
      new TableWriters(session).awaitEndOf(joining);
    }
    SlotState present =
        slot.find(resumed)
            .orElseThrow(() ->
                new TransientException("slot '" + slot.name() + "' was dropped meanwhile", null));
    long confirmed =
        present
            .confirmed()
            .orElseThrow(
                () -> new TransientException("slot '" + slot.name() + "' is being made", null));
    boolean older =
        found.isPresent() && !publications.isEmpty() && Publications.mustBeOlder(session);
    long start =
        older && !joining.isEmpty()
            ? behindPublication(new SlotOlderThanPublication(session, slot.name()), confirmed)
            : confirmed;
    return new RetainedLog(
        slot.name(), present.plugin(), publications, start, subsets(subsets), facts);
  }

  // Before anything is looked for on it: a server that went back may have lost slot and
  // publication.
  private ServerIdentity requireSameServer(List<StreamPosition> streams) throws IOException {
    Map<StreamName, LogPosition> positions = new TreeMap<>();
    for (StreamPosition left : streams) {
      if (LogPosition.is(left.position())) {
        positions.put(left.stream().name(), LogPosition.of(left.position()));
      }
    }
    return ServerComparison.require(sessions, database, positions);
  }

  /// Compares what the positions rest on with what is true now, and returns that.
  private Map<StreamName, StreamFacts> compare(
      Session session,
      LogDescription log,
      List<StreamPosition> streams,
      Map<Long, PublishedSubset> subsets)
      throws SQLException, IOException {
    Map<StreamName, Table> byName = new HashMap<>();
    tables.forEach(table -> byName.put(table.name(), table));
    List<StreamTable> followed = new ArrayList<>();
    Map<StreamName, LogPosition> before = new HashMap<>();
    for (StreamPosition left : streams) {
      Stream stream = left.stream();
      Table table = byName.get(stream.name());
      if (table != null) {
        PublishedSubset subset = subsets.getOrDefault(table.facts().oid(), PublishedSubset.NONE);
        followed.add(new StreamTable(stream.name(), subset.of(stream.schema()), table));
        if (resumed.containsKey(stream.name())) {
          before.put(stream.name(), LogPosition.of(left.position()));
        }
      }
    }
    Map<StreamName, StreamFacts> facts = new HashMap<>();
    FactComparison comparison = new FactComparison(session, config.keepsRemoved());
    for (Map.Entry<StreamName, CurrentFacts> entry :
        FactReader.read(session, log, followed).entrySet()) {
      StreamName name = entry.getKey();
      Table table = byName.get(name);
      LogPosition position = before.get(name);
      if (table == null) {
        continue;
      }
      List<Difference> differences = new ArrayList<>(FactComparison.always(entry.getValue()));
      if (position != null) {
        String filter = subsets.getOrDefault(table.facts().oid(), PublishedSubset.NONE).filter();
        differences.addAll(
            comparison.of(position.facts(), position.filter(), filter, entry.getValue(), late));
      }
      settle(table, differences);
      losses.reportUnpublished(name, entry.getValue());
      facts.put(name, entry.getValue().facts());
    }
    return facts;
  }

  private void settle(Table table, List<Difference> differences) throws StreamException {
    boolean goesOn = differences.stream().allMatch(one -> one.consequence() == Consequence.GOES_ON);
    for (Difference difference : differences) {
      switch (difference.consequence()) {
        case STREAM_ENDS, ALL_END ->
            throw new StreamException(table.name(), difference.sentence(), null);
        case COPIED_ANEW -> copyAnew(List.of(table), difference.sentence());
        case GOES_ON -> {
          // Rows that are copied anew do not stay as they are.
          if (goesOn) {
            losses.tell(table.name(), difference);
          }
        }
      }
    }
  }

  // Nothing may have been read from the slot, or nothing confirmed of what was.
  private long behindPublication(SlotOlderThanPublication slot, long confirmed)
      throws SQLException, InterruptedException {
    if (resumed.isEmpty()) {
      return Lsn.max(confirmed, slot.behindAll());
    }
    return resumed.containsValue(confirmed) ? confirmed : slot.behind(resumed.values());
  }

  private void requireDecoding(Session session) throws SQLException, IOException {
    if (!session.canDecodeLog()) {
      throw new IOException(
          "database '%s' is on a standby, which decodes no log before PostgreSQL 16; read from its primary"
              .formatted(database));
    }
    if (config.heartbeat().isPresent() && session.isOnStandby()) {
      throw new IOException(
          "database '%s' is on a standby, where no heartbeat can be written; take heartbeat out of the source"
              .formatted(database));
    }
  }

  private void requireLogged(Session session, Plugin plugin) throws SQLException, IOException {
    LoggedTables logged = LoggedTables.of(session, tables);
    List<StreamException> failures = new ArrayList<>();
    for (Table table : tables) {
      logged
          .refusal(table, plugin == Plugin.PGOUTPUT)
          .ifPresent(
              refusal -> failures.add(new StreamException(table.name(), refusal.said(), null)));
    }
    if (!failures.isEmpty()) {
      StreamException first = failures.getFirst();
      failures.stream().skip(1).forEach(first::addSuppressed);
      throw first;
    }
  }

  // A table that was not published has changes that are in no log: it is copied anew.
  private List<String> publish(Session session, ReplicationSlot slot)
      throws SQLException, IOException {
    String name = config.publicationOf(database);
    Publications publications = new Publications(session, name, config.createPublication());
    if (!resumed.isEmpty() && publications.names().isEmpty()) {
      throw new IOException(
          "publication '%s' is gone, without which the log cannot be read on; drop slot '%s' (runtime slots drop) and reset the streams to copy them anew (runtime reset)"
              .formatted(name, slot.name()));
    }
    List<Table> going = tables.stream().filter(table -> resumed.containsKey(table.name())).toList();
    copyAnew(
        publications.unpublished(going),
        "it, or a table beneath it, was not published, so that changes of it are not in the log");
    publications
        .identified(going)
        .forEach((table, members) -> {
          Set<Long> known = knownMembers(table.name());
          if (known.isEmpty() || members.stream().anyMatch(known::contains)) {
            copyAnew(
                List.of(table),
                "it, or a table beneath it, has got a replica identity, without which its updates and deletes were not in the log");
          } else {
            // Of tables that have come since, once they are published and if they have rows.
            late.addAll(members);
          }
        });
    losses.reportHarm(session, tables, publications, name);
    return publications.ensure(tables, kept);
  }

  // Those of which a position knows.
  private Set<Long> knownMembers(StreamName stream) {
    @Nullable LogPosition position = positions.get(stream);
    return position == null || position.facts().isEmpty()
        ? Set.of()
        : StreamFacts.of(position.facts()).tables();
  }

  private void copyAnew(List<Table> some, String reason) {
    for (Table table : some) {
      if (resumed.remove(table.name()) != null) {
        again.put(table.name(), reason);
        joining.add(table);
      }
    }
  }

  // Sorts the streams: which go on, which begin, and which must begin again.
  private void sort(Session session, List<StreamPosition> streams, List<StreamPosition> absent)
      throws SQLException, IOException {
    session.beginSnapshot();
    Set<StreamName> names = new LinkedHashSet<>();
    streams.forEach(left -> names.add(left.stream().name()));
    Set<StreamName> others = new LinkedHashSet<>(earlier);
    absent.forEach(left -> others.add(left.stream().name()));
    others.removeIf(name -> !name.database().equals(database) || names.contains(name));
    names.addAll(others);
    Map<StreamName, Table> found = CatalogReader.readSome(session, List.copyOf(names));
    session.rollback();
    others.stream().filter(found::containsKey).map(found::get).forEach(kept::add);
    for (StreamPosition left : streams) {
      StreamName name = left.stream().name();
      @Nullable Table table = found.get(name);
      boolean begins = !LogPosition.is(left.position());
      if (table != null) {
        require(table);
        tables.add(table);
      }
      if (!begins) {
        LogPosition position = LogPosition.of(left.position());
        if (table != null && table.facts().oid() != position.oid()) {
          again.put(name, FactComparison.madeAnew().sentence());
          begins = true;
        } else if (outdated.containsKey(name)) {
          again.put(name, outdated.getOrDefault(name, ""));
          begins = true;
        } else {
          resumed.put(name, position.lsn());
          positions.put(name, position);
        }
      }
      if (begins && table != null) {
        joining.add(table);
      }
    }
    for (StreamPosition left : absent) {
      if (LogPosition.is(left.position())) {
        resumed.put(left.stream().name(), LogPosition.of(left.position()).lsn());
      }
    }
  }

  private static void require(Table table) throws IOException {
    char kind = table.facts().kind();
    if (kind != 'r' && kind != 'p') {
      throw new StreamException(
          table.name(),
          "it is a %s, of which the log knows nothing; give it method: FULL_TABLE"
              .formatted(table.facts().relationKind().label()),
          null);
    }
  }

  private Map<StreamName, PublishedSubset> subsets(Map<Long, PublishedSubset> byOid) {
    Map<StreamName, PublishedSubset> subsets = new HashMap<>();
    tables.forEach(table ->
        subsets.put(table.name(), byOid.getOrDefault(table.facts().oid(), PublishedSubset.NONE)));
    return subsets;
  }
}
