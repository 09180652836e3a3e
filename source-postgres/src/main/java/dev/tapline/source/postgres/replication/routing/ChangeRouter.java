package dev.tapline.source.postgres.replication.routing;

import dev.tapline.source.postgres.connection.Sessions;
import dev.tapline.source.postgres.replication.facts.Difference;
import dev.tapline.source.postgres.replication.facts.FactComparison;
import dev.tapline.source.postgres.replication.position.FollowedStream;
import dev.tapline.source.postgres.replication.position.LogPosition;
import dev.tapline.source.postgres.replication.position.Lsn;
import dev.tapline.source.postgres.replication.routing.PartitionTree.Member;
import dev.tapline.spi.TransientException;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.source.StreamException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Routes each change of the log to the batch of its stream, whichever decoder reports it. For use
/// by one thread at a time.
public final class ChangeRouter {
  private static final Logger LOG = LoggerFactory.getLogger("log");
  private final PartitionTree partitions;
  private final Map<StreamName, StreamAppender> appenders = new LinkedHashMap<>();
  private final Map<Long, StreamAppender> byOid = new HashMap<>();
  private final IdentityHashMap<RelationSchema, Route> routes = new IdentityHashMap<>();
  private final CurrentTransaction transaction = new CurrentTransaction();
  private final Deque<StreamException> failures = new ArrayDeque<>();
  private final Map<StreamName, String> outdated = new LinkedHashMap<>();
  private final boolean keepsRemoved;
  private final Map<StreamName, Set<Long>> met = new HashMap<>();
  private final Set<StreamAppender> filled = new HashSet<>();
  private final List<StreamAppender> order = new ArrayList<>();
  private List<StreamAppender> before = List.of();
  private int rows;

  /// Whom the rows of a relation are for, and whose place its table has taken.
  private record Route(List<StreamAppender> receivers, List<StreamAppender> replaced) {}

  /// @param sessions for questions about types and tables
  /// @param database the database of the log
  /// @param streams the streams to follow
  public ChangeRouter(Sessions sessions, String database, List<FollowedStream> streams)
      throws IOException {
    this(sessions, database, streams, false);
  }

  /// @param keepsRemoved whether the copy keeps rows of a truncated part of a table
  public ChangeRouter(
      Sessions sessions, String database, List<FollowedStream> streams, boolean keepsRemoved)
      throws IOException {
    this.keepsRemoved = keepsRemoved;
    StreamSchemas schemas = new StreamSchemas(sessions, database);
    for (FollowedStream stream : streams) {
      StreamAppender appender = new StreamAppender(stream, schemas);
      appenders.put(stream.name(), appender);
      byOid.put(stream.from().oid(), appender);
    }
    partitions = new PartitionTree(sessions, database, byOid.keySet());
    partitions.load();
    schemas.load();
  }

  /// Whether a stream wants the rows of a table.
  public boolean follows(String namespace, String name) throws IOException {
    return partitions.lookUp(namespace, name) != null;
  }

  /// Whether rows come only from tables that are streams themselves, none of which has partitions
  /// or is inherited from.
  public boolean followsNamedTablesOnly() {
    return partitions.areRootsOnly();
  }

  /// A transaction begins.
  ///
  /// @param lsn where its commit record begins
  /// @param time when it was committed, as `TIMESTAMP_TZ` counts
  /// @param id its number
  public void begin(long lsn, long time, long id) {
    transaction.begin(lsn, time, id);
  }

  /// The transaction ends.
  public void commit() {
    transaction.end();
  }

  /// Whether a transaction has begun and not ended.
  public boolean inTransaction() {
    return transaction.isRunning();
  }

  /// When the transaction that came last was committed, as `TIMESTAMP_TZ` counts; 0 before the
  /// first.
  public long lastCommitTime() {
    return transaction.commitTime();
  }

  /// A row was changed.
  ///
  /// @param old the old row, or as much of it as tells which one it was, if that has come
  /// @param fresh the new row, unless it was deleted
  /// @return false if nothing was done, because the rows so far must be handed out first
  /// @throws TransientException if the source cannot be asked now
  /// @throws UnknownBinaryFormatException if a value must be asked for as text
  public boolean change(
      RelationSchema relation, Change change, @Nullable Tuple old, @Nullable Tuple fresh)
      throws IOException {
    Route route = route(relation);
    for (StreamAppender appender : route.replaced()) {
      if (takes(appender)) {
        outdate(appender, FactComparison.madeAnew());
      }
    }
    List<StreamAppender> receivers = route.receivers();
    for (StreamAppender appender : receivers) {
      if (takes(appender) && !accepts(appender, relation)) {
        return false;
      }
    }
    for (StreamAppender appender : receivers) {
      try {
        if (takes(appender)) {
          appender.add(change, old, fresh, transaction);
          count(appender);
        } else if (!appender.failed()) {
          appender.pass(relation, grows(appender, relation), change, old, fresh, transaction);
        }
      } catch (TransientException | UnknownBinaryFormatException e) {
        throw e;
      } catch (IOException e) {
        fail(appender, atPlace(e), e);
      } catch (OutOfMemoryError e) {
        // The rows of the others may be small, and what this one holds is let go of.
        fail(appender, "a change of it does not fit into the heap", e);
      }
    }
    return true;
  }

  private boolean takes(StreamAppender appender) {
    return !appender.failed() && !appender.skips(transaction);
  }

  private boolean accepts(StreamAppender appender, RelationSchema relation) throws IOException {
    try {
      return appender.accepts(relation, grows(appender, relation));
    } catch (TransientException e) {
      throw e;
    } catch (IOException e) {
      fail(appender, atPlace(e), e);
      return true;
    }
  }

  // A table that inherits may have columns that are none of its parent's.
  private static boolean grows(StreamAppender appender, RelationSchema relation) {
    return relation.oid() == appender.stream().from().oid() || isNamed(appender, relation);
  }

  private void count(StreamAppender appender) {
    rows++;
    if (filled.add(appender)) {
      order.add(appender);
    }
  }

  /// A row came into the row filter, and the log has not all of its values.
  public void entered(RelationSchema relation) throws IOException {
    for (StreamAppender appender : route(relation).receivers()) {
      if (takes(appender)) {
        outdate(appender, FactComparison.enteredFilter());
      }
    }
  }

  /// Tables were emptied, all in one statement.
  public void truncate(List<RelationSchema> shapes) throws IOException {
    Set<StreamAppender> receivers = new java.util.LinkedHashSet<>();
    Set<Long> oids = new HashSet<>();
    for (RelationSchema relation : shapes) {
      receivers.addAll(route(relation).receivers());
      @Nullable Member member = member(relation);
      if (member != null) {
        oids.add(member.oid());
      }
    }
    for (StreamAppender appender : receivers) {
      if (appender.failed()) {
        continue;
      }
      if (appender.skips(transaction)) {
        transaction.next();
      } else if (partitions.areAll(oids, appender.stream().from().oid(), keepsRemoved)) {
        appender.truncate(transaction);
        count(appender);
      } else {
        List<String> names =
            shapes.stream().map(relation -> relation.namespace() + "." + relation.name()).toList();
        Difference difference = FactComparison.truncated(names, keepsRemoved);
        if (keepsRemoved) {
          LOG.warn("stream {}: {}", appender.stream().name(), difference.sentence());
        } else {
          outdate(appender, difference);
        }
      }
    }
  }

  private void outdate(StreamAppender appender, Difference difference) {
    outdate(appender.stream().name(), difference.sentence());
  }

  /// Marks a stream to be copied anew: no more of its changes are taken.
  public void outdate(StreamName name, String reason) {
    @Nullable StreamAppender appender = appenders.get(name);
    if (appender != null && !appender.failed()) {
      outdated.put(name, reason);
      appender.end();
      order.remove(appender);
      filled.remove(appender);
    }
  }

  /// The streams that must be copied anew, with the reasons.
  public Map<StreamName, String> outdated() {
    return outdated;
  }

  /// Ends a stream that must be copied anew, and is not.
  public void refuse(StreamName name, String reason) {
    outdated.remove(name);
    failures.add(new StreamException(name, "stream " + name + ": " + reason, null));
  }

  /// Ends a stream.
  public void end(StreamName name, String reason) {
    @Nullable StreamAppender appender = appenders.get(name);
    if (appender != null && !appender.failed()) {
      fail(appender, reason, null);
    }
  }

  /// A stream's position rests on something else from now on.
  ///
  /// @param compared the tables beneath it of which that takes account, whose rows were met before
  public void restOn(StreamName name, String facts, Set<Long> compared) {
    @Nullable StreamAppender appender = appenders.get(name);
    if (appender != null) {
      appender.restOn(facts, compared);
    }
  }

  /// Partitions or children of tables have come or gone: which tables belong to which stream is
  /// found out anew.
  public void reload() throws IOException {
    partitions.load();
    routes.clear();
  }

  /// The tables beneath those of streams whose rows have come, by their numbers, where there are
  /// more than at the last call.
  public Map<StreamName, Set<Long>> met() {
    Map<StreamName, Set<Long>> fresh = Map.copyOf(met);
    met.clear();
    return fresh;
  }

  private Route route(RelationSchema relation) throws IOException {
    @Nullable Route known = routes.get(relation);
    if (known == null) {
      known = find(relation);
      routes.put(relation, known);
    }
    return known;
  }

  /// Finds out anew whose a relation is, if it was nobody's.
  public void reconsider(RelationSchema relation) {
    @Nullable Route route = routes.get(relation);
    if (route != null && route.receivers().isEmpty()) {
      routes.remove(relation);
    }
  }

  /// Forgets a relation that will not come again.
  public void forget(RelationSchema relation) {
    routes.remove(relation);
  }

  private Route find(RelationSchema relation) throws IOException {
    List<StreamAppender> receivers = new ArrayList<>();
    @Nullable Member member = member(relation);
    if (member != null) {
      for (long root : member.roots()) {
        @Nullable StreamAppender appender = byOid.get(root);
        if (appender != null) {
          receivers.add(appender);
          if (member.oid() != root) {
            Set<Long> fresh = appender.meet(member.oid());
            if (!fresh.isEmpty()) {
              met.put(appender.stream().name(), fresh);
            }
          }
        }
      }
    }
    List<StreamAppender> replaced =
        appenders.values().stream()
            .filter(appender ->
                relation.oid() != 0
                    && relation.oid() != appender.stream().from().oid()
                    && isNamed(appender, relation)
                    && !receivers.contains(appender))
            .toList();
    return new Route(List.copyOf(receivers), replaced);
  }

  private static boolean isNamed(StreamAppender appender, RelationSchema relation) {
    StreamName name = appender.stream().name();
    return name.name().equals(relation.name()) && name.namespace().equals(relation.namespace());
  }

  private @Nullable Member member(RelationSchema relation) throws IOException {
    return relation.oid() == 0
        ? partitions.lookUp(relation.namespace(), relation.name())
        : partitions.lookUp(relation.oid());
  }

  private String atPlace(IOException failure) {
    return "%s (in transaction %d, whose commit is at LSN %s)"
        .formatted(
            failure.getMessage() == null ? failure.toString() : failure.getMessage(),
            transaction.id(),
            Lsn.text(transaction.commitLsn()));
  }

  private void fail(StreamAppender appender, String reason, @Nullable Throwable cause) {
    failures.add(appender.fail("stream " + appender.stream().name() + ": " + reason, cause));
    order.remove(appender);
    filled.remove(appender);
  }

  /// How many changes this round has.
  public int rows() {
    return rows;
  }

  /// The next failure of a stream that was not told yet.
  public Optional<StreamException> failure() {
    return Optional.ofNullable(failures.poll());
  }

  /// Begins another round: the batches handed out are filled anew.
  public void clear() {
    for (StreamAppender appender : before) {
      // A stream that is quiet must not keep what its last burst has taken.
      if (!filled.contains(appender)) {
        appender.release();
      }
    }
    order.forEach(StreamAppender::clear);
    before = List.copyOf(order);
    order.clear();
    filled.clear();
    rows = 0;
  }

  /// The batches of this round, in the order of their first rows.
  public List<Batch> batches() {
    List<Batch> batches = new ArrayList<>(order.size());
    for (StreamAppender appender : order) {
      @Nullable Batch batch = appender.rows();
      if (batch != null) {
        batches.add(batch);
      }
    }
    return batches;
  }

  /// Where each stream that has not failed goes on when the log was read up to `boundary`.
  public Map<StreamName, LogPosition> positions(long boundary) {
    Map<StreamName, LogPosition> positions = new LinkedHashMap<>();
    appenders.forEach((name, appender) -> {
      if (!appender.failed()) {
        positions.put(name, appender.at(boundary));
      }
    });
    return positions;
  }
}
