package dev.tapline.source.postgres.replication.routing;

import static java.util.Objects.requireNonNull;

import dev.tapline.source.postgres.replication.facts.StreamFacts;
import dev.tapline.source.postgres.replication.position.FollowedStream;
import dev.tapline.source.postgres.replication.position.LogPosition;
import dev.tapline.source.postgres.replication.position.Lsn;
import dev.tapline.source.postgres.replication.position.Visibility;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.batch.Column;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.Temporals;
import dev.tapline.spi.source.StreamException;
import java.io.IOException;
import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// One stream of a split: where it stands, and the batch that its rows are appended to.
final class StreamAppender {
  private static final int FIRST_ROWS = 64;

  private final FollowedStream stream;
  private final StreamSchemas schemas;
  private final Visibility.@Nullable Judge judge;
  private final long until;
  private final IdentityHashMap<RelationSchema, RowAppender> bindings = new IdentityHashMap<>();
  private @Nullable RelationSchema lastShape;
  private @Nullable RowAppender lastBinding;
  private @Nullable Batch batch;
  private long judged = -1;
  private boolean skips;
  private boolean failed;
  private String facts;
  private final Set<Long> met = new TreeSet<>();
  private Set<Long> tables;
  private String rests;

  StreamAppender(FollowedStream stream, StreamSchemas schemas) {
    this.stream = stream;
    this.schemas = schemas;
    this.facts = stream.from().facts();
    this.rests = facts;
    this.tables = tablesOf(facts);
    this.judge = stream.from().copied().map(Visibility.Judge::new).orElse(null);
    this.until = stream.from().copied().map(Visibility::until).orElse(0L);
  }

  FollowedStream stream() {
    return stream;
  }

  boolean failed() {
    return failed;
  }

  /// Where the stream goes on when the log was read up to `boundary`.
  LogPosition at(long boundary) {
    return stream.from().at(Lsn.max(boundary, stream.from().lsn())).restingOn(rests);
  }

  /// Whether the stream has had the transaction already.
  boolean skips(CurrentTransaction transaction) {
    if (judged != transaction.number()) {
      judged = transaction.number();
      long lsn = transaction.commitLsn();
      skips =
          Lsn.isBefore(lsn, stream.from().lsn())
              || (judge != null && Lsn.isBefore(lsn, until) && judge.hasSeen(transaction.id()));
    }
    return skips;
  }

  /// The stream's position rests on something else from now on.
  ///
  /// @param compared the tables whose rows were met of which it takes account
  void restOn(String now, Set<Long> compared) {
    facts = now;
    tables = tablesOf(now);
    met.removeAll(compared);
    rests = StreamFacts.meeting(facts, met);
  }

  private static Set<Long> tablesOf(String facts) {
    return facts.isEmpty() ? Set.of() : Set.copyOf(StreamFacts.of(facts).tables());
  }

  /// Rows of another table than the stream's own come.
  ///
  /// @return the numbers of all such tables of which the facts know nothing; empty when this one is
  ///   no news
  Set<Long> meet(long oid) {
    if (tables.contains(oid) || !met.add(oid)) {
      return Set.of();
    }
    rests = StreamFacts.meeting(facts, met);
    return met;
  }

  /// Ends the stream, with its rows of this round.
  void end() {
    failed = true;
    release();
  }

  /// Ends the stream, with its rows of this round.
  StreamException fail(String message, @Nullable Throwable cause) {
    end();
    return new StreamException(stream.name(), message, cause);
  }

  /// The rows of this round.
  @Nullable Batch rows() {
    return batch == null || batch.rows() == 0 ? null : batch;
  }

  /// Begins another round.
  void clear() {
    if (batch != null) {
      batch.clear(Temporals.micros(Instant.now()));
    }
  }

  /// Lets go of the batch's memory.
  void release() {
    batch = null;
    bindings.clear();
    lastShape = null;
    lastBinding = null;
  }

  /// Whether rows of this relation can be added to what the batch of this round holds.
  boolean accepts(RelationSchema relation, boolean grows) throws IOException {
    RowAppender appender = rowAppender(relation, grows);
    if (appender.batch() == batch) {
      return true;
    }
    if (batch != null && batch.rows() > 0) {
      return false;
    }
    batch = appender.batch();
    clear();
    return true;
  }

  private RowAppender rowAppender(RelationSchema relation, boolean grows) throws IOException {
    @Nullable RowAppender found = relation == lastShape ? lastBinding : bindings.get(relation);
    if (found == null) {
      Schema schema = schemas.of(stream, relation, grows);
      Batch current = batch;
      Batch own =
          current != null && current.schema().equals(schema)
              ? current
              : new Batch(stream.name(), schema, FIRST_ROWS);
      found = new RowAppender(relation, own, schemas.wires(relation, schema));
      bindings.put(relation, found);
    }
    lastShape = relation;
    lastBinding = found;
    return found;
  }

  /// Adds a change of a relation that was [accepted][#accepts].
  ///
  /// @throws IOException if it cannot be told
  void add(
      Change change, @Nullable Tuple old, @Nullable Tuple fresh, CurrentTransaction transaction)
      throws IOException {
    RowAppender appender = requireNonNull(lastBinding);
    if (change != Change.INSERT && !appender.keyIsTold()) {
      throw appender.identityIsNotTheKey();
    }
    if (change == Change.UPDATE && fresh != null && appender.isAnotherRow(old, fresh)) {
      appender.append(Change.DELETE, requireNonNull(old), null, transaction);
      appender.append(Change.INSERT, fresh, old, transaction);
      return;
    }
    @Nullable Tuple row = change == Change.DELETE ? old : fresh;
    if (row == null) {
      throw new IOException("a change came without its row");
    }
    appender.append(change, row, old, transaction);
  }

  /// Counts a change that the stream has had already as [#add] would.
  void pass(
      RelationSchema relation,
      boolean grows,
      Change change,
      @Nullable Tuple old,
      @Nullable Tuple fresh,
      CurrentTransaction transaction)
      throws IOException {
    transaction.next();
    if (change == Change.UPDATE
        && old != null
        && fresh != null
        && rowAppender(relation, grows).isAnotherRow(old, fresh)) {
      transaction.next();
    }
  }

  /// Adds the removal of all rows; the batch of this round takes it as it is.
  void truncate(CurrentTransaction transaction) {
    Batch rows = batch;
    if (rows == null) {
      rows = new Batch(stream.name(), stream.schema(), FIRST_ROWS);
      batch = rows;
      clear();
    }
    rows.columns().forEach(Column::appendNull);
    rows.endRow(
        Change.TRUNCATE,
        transaction.commitLsn(),
        transaction.next(),
        transaction.commitTime(),
        transaction.id());
  }
}
