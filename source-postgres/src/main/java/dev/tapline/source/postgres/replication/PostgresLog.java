package dev.tapline.source.postgres.replication;

import dev.tapline.source.postgres.catalog.CatalogReader;
import dev.tapline.source.postgres.catalog.Column;
import dev.tapline.source.postgres.catalog.Table;
import dev.tapline.source.postgres.config.PostgresSourceConfig;
import dev.tapline.source.postgres.connection.DatabaseNames;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.connection.Sessions;
import dev.tapline.source.postgres.replication.facts.StreamFacts;
import dev.tapline.source.postgres.replication.position.FollowedStream;
import dev.tapline.source.postgres.replication.position.LogPosition;
import dev.tapline.source.postgres.replication.position.LogSplit;
import dev.tapline.source.postgres.replication.position.Lsn;
import dev.tapline.source.postgres.replication.position.Visibility;
import dev.tapline.source.postgres.replication.publication.IdentityMonitor;
import dev.tapline.source.postgres.replication.publication.PublishedSubset;
import dev.tapline.source.postgres.replication.slot.Slots;
import dev.tapline.source.postgres.replication.stream.LogReader;
import dev.tapline.source.postgres.replication.stream.ReaderOptions;
import dev.tapline.source.postgres.replication.stream.RecopySchedule;
import dev.tapline.source.postgres.snapshot.PostgresSnapshot;
import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.Field;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.ChangeLog;
import dev.tapline.spi.source.Split;
import dev.tapline.spi.source.StreamPosition;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The logs of the databases of one server, each read through a replication slot.
public final class PostgresLog implements ChangeLog {
  private static final int VERSION_WITH_SNAPSHOT_NAME = 130_000;
  // Tests look more often.
  private final Duration betweenLooks =
      Duration.ofMillis(Long.getLong("tapline.postgres.look.millis", 60_000));
  private static final int VERSION_WITH_STREAMING = 140_000;

  private final PostgresSourceConfig config;
  private final Sessions sessions;
  private final LossReporter losses = new LossReporter();
  private final Map<String, RetainedLog> retained = new ConcurrentHashMap<>();
  private final Set<StreamName> everRetained = ConcurrentHashMap.newKeySet();
  private final Map<String, Seen> seen = new ConcurrentHashMap<>();
  private final LogFormats forms = new LogFormats();
  private final Map<String, RecopySchedule> recopies = new ConcurrentHashMap<>();
  private final Set<String> readBefore = ConcurrentHashMap.newKeySet();

  private record Seen(PostgresSnapshot snapshot, Visibility visibility) {}

  /// @param config which databases and slots
  /// @param sessions how to reach them
  public PostgresLog(PostgresSourceConfig config, Sessions sessions) {
    this.config = config;
    this.sessions = sessions;
  }

  @Override
  public Map<StreamName, String> retain(List<StreamPosition> streams, List<StreamPosition> absent)
      throws IOException, InterruptedException {
    Map<String, List<StreamPosition>> others = byDatabase(absent);
    Map<StreamName, String> again = new HashMap<>();
    for (Map.Entry<String, List<StreamPosition>> entry : byDatabase(streams).entrySet()) {
      LogRetention retention =
          new LogRetention(
              config.replication(),
              losses,
              sessions,
              entry.getKey(),
              recopies(entry.getKey()).reasons(),
              everRetained);
      retained.put(
          entry.getKey(),
          retention.retain(entry.getValue(), others.getOrDefault(entry.getKey(), List.of())));
      entry.getValue().forEach(left -> everRetained.add(left.stream().name()));
      again.putAll(retention.again());
    }
    return again;
  }

  private RecopySchedule recopies(String database) {
    return recopies.computeIfAbsent(database, _ -> new RecopySchedule(betweenLooks));
  }

  /// Whether [#retain] has been called for a database, so that what is copied from then on must
  /// meet its log.
  public boolean keeps(String database) {
    return retained.containsKey(database);
  }

  /// What of a stream does not come through the log, if it follows the log.
  public PublishedSubset subset(Stream stream) {
    @Nullable RetainedLog known = retained.get(stream.name().database());
    return known == null
        ? PublishedSubset.NONE
        : known.subsets().getOrDefault(stream.name(), PublishedSubset.NONE);
  }

  @Override
  public Position positionUnder(dev.tapline.spi.source.Snapshot snapshot, Stream stream)
      throws IOException, InterruptedException {
    if (!(snapshot instanceof PostgresSnapshot own)) {
      throw new IllegalArgumentException("a snapshot of another source: " + snapshot);
    }
    String database = stream.name().database();
    RetainedLog log = known(database);
    recopies(database).begins(stream.name());
    Table table =
        own.table(stream.name())
            .orElseThrow(() ->
                new IOException(
                    "stream %s is not there any more; run again with the tables that there are now"
                        .formatted(stream.name())));
    return new LogPosition(
            log.start(),
            table.facts().oid(),
            subset(stream).filter(),
            Optional.of(visibility(own, database)),
            facts(log, stream.name()))
        .position();
  }

  // Of before the snapshot: what changes in between is compared, and noticed, later.
  private static String facts(RetainedLog log, StreamName stream) {
    @Nullable StreamFacts facts = log.facts().get(stream);
    return facts == null ? "" : facts.text();
  }

  // The same for all tables of a snapshot.
  private Visibility visibility(PostgresSnapshot snapshot, String database)
      throws IOException, InterruptedException {
    @Nullable Seen known = seen.get(database);
    if (known != null && known.snapshot() == snapshot) {
      return known.visibility();
    }
    String text = snapshot.ask(database, PostgresLog::visibility);
    Visibility visibility = new Visibility(text, awaitFlush(database));
    seen.put(database, new Seen(snapshot, visibility));
    return visibility;
  }

  private static String visibility(Session session) throws SQLException {
    String seen =
        session.version() >= VERSION_WITH_SNAPSHOT_NAME
            ? "pg_catalog.pg_current_snapshot()"
            : "pg_catalog.txid_current_snapshot()";
    return session.query("SELECT " + seen + "::text", row -> row.getString(1)).getFirst();
  }

  // A snapshot sees commits that the server has not flushed (synchronous_commit = off): what a
  // crash
  // may still undo must not be in the copy, and its positions in the log must not be used again.
  private long awaitFlush(String database) throws IOException, InterruptedException {
    return sessions.with(database, session -> new Slots(session).awaitFlushOfAll());
  }

  private RetainedLog known(String database) {
    @Nullable RetainedLog log = retained.get(database);
    if (log == null) {
      throw new IllegalStateException("retain() was not called for database " + database);
    }
    return log;
  }

  @Override
  public List<Split> follow(
      List<StreamPosition> streams, List<StreamPosition> absent, Extent extent)
      throws IOException, InterruptedException {
    Map<String, List<StreamPosition>> others = byDatabase(absent);
    List<Split> splits = new ArrayList<>();
    for (Map.Entry<String, List<StreamPosition>> entry : byDatabase(streams).entrySet()) {
      String database = entry.getKey();
      if (!retained.containsKey(database)) {
        retain(entry.getValue(), others.getOrDefault(database, List.of()));
      }
      splits.add(
          follow(database, entry.getValue(), others.getOrDefault(database, List.of()), extent));
    }
    return splits;
  }

  private Split follow(
      String database, List<StreamPosition> streams, List<StreamPosition> absent, Extent extent)
      throws IOException {
    RetainedLog log = known(database);
    return sessions.with(
        database,
        session -> {
          session.beginSnapshot();
          Map<StreamName, Table> tables =
              CatalogReader.readSome(
                  session, streams.stream().map(it -> it.stream().name()).toList());
          session.rollback();
          List<FollowedStream> followed =
              streams.stream()
                  .map(it -> followed(log, it, tables.get(it.stream().name())))
                  .toList();
          OptionalLong end =
              extent == Extent.UNTIL_NOW
                  ? OptionalLong.of(new Slots(session).end())
                  : OptionalLong.empty();
          OptionalLong floor =
              absent.stream()
                  .map(StreamPosition::position)
                  .filter(LogPosition::is)
                  .mapToLong(position -> LogPosition.of(position).lsn())
                  .reduce(Lsn::min);
          return new LogSplit(
                  "log." + DatabaseNames.distinct(database),
                  database,
                  log.slot(),
                  log.plugin(),
                  config.replication().format(),
                  log.publications(),
                  forms.areBinary(session.version(), log.plugin(), followed, tables),
                  config.replication().streaming()
                      && log.plugin().equals("pgoutput")
                      && session.version() >= VERSION_WITH_STREAMING,
                  end,
                  floor,
                  followed)
              .split();
        });
  }

  private FollowedStream followed(RetainedLog log, StreamPosition left, @Nullable Table table) {
    Stream stream = left.stream();
    Stream narrowed = subset(stream).of(stream);
    Set<String> selected =
        stream.schema().fields().stream().map(Field::name).collect(Collectors.toSet());
    boolean everything =
        table != null
            && table.columns().stream()
                .map(Column::field)
                .map(Field::name)
                .allMatch(selected::contains);
    boolean open =
        table != null
            && everything
            && table.hidden().isEmpty()
            && narrowed.schema().size() == stream.schema().size();
    LogPosition position = LogPosition.of(left.position());
    String now = facts(log, stream.name());
    return new FollowedStream(
        stream.name(),
        now.isEmpty() ? position : position.restingOn(now),
        narrowed.schema(),
        open,
        stream.schema(),
        everything);
  }

  /// Begins to read a log.
  public BatchReader open(Split split) throws IOException, InterruptedException {
    LogSplit log = forms.of(LogSplit.of(split));
    LogReader reader =
        LogReader.open(
            sessions,
            log,
            new ReaderOptions(
                config.replication().heartbeat(),
                config.replication().spool(),
                readBefore.contains(log.slot()),
                forms.fallback(log.slot()),
                config.replication().keepsRemoved(),
                recopies(log.database()),
                betweenLooks,
                new IdentityMonitor(
                    config.replication().publicationOf(log.database()),
                    log.plugin().equals("pgoutput"),
                    config.replication().createPublication(),
                    log.streams().stream()
                        .collect(
                            Collectors.toMap(
                                it -> it.from().oid(), FollowedStream::name, (a, _) -> a)))));
    readBefore.add(log.slot());
    return reader;
  }

  private static Map<String, List<StreamPosition>> byDatabase(List<StreamPosition> streams) {
    Map<String, List<StreamPosition>> byDatabase = new TreeMap<>();
    streams.forEach(left ->
        byDatabase
            .computeIfAbsent(left.stream().name().database(), database -> new ArrayList<>())
            .add(left));
    return byDatabase;
  }
}
