package dev.tapline.source.postgres.replication.stream;

import dev.tapline.source.postgres.connection.Closer;
import dev.tapline.source.postgres.connection.Sessions;
import dev.tapline.source.postgres.replication.facts.Difference;
import dev.tapline.source.postgres.replication.facts.FactMonitor;
import dev.tapline.source.postgres.replication.facts.LogDescription;
import dev.tapline.source.postgres.replication.facts.Notice;
import dev.tapline.source.postgres.replication.position.FollowedStream;
import dev.tapline.source.postgres.replication.position.LogPosition;
import dev.tapline.source.postgres.replication.position.LogSplit;
import dev.tapline.source.postgres.replication.position.Lsn;
import dev.tapline.source.postgres.replication.routing.ChangeRouter;
import dev.tapline.source.postgres.replication.routing.LogDecoder;
import dev.tapline.spi.Position;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.Lag;
import dev.tapline.spi.source.StaleSplitException;
import dev.tapline.spi.source.StreamException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads one slot, in rounds: fills a batch for each stream until there is enough or nothing more
/// comes, then leaves the socket alone and hands out the batches one by one.
///
/// A round ends between two transactions unless the transaction is larger than a round should be.
public final class LogReader implements BatchReader {
  private static final Logger LOG = LoggerFactory.getLogger("log");
  static final int ROWS = 8_192;
  static final int BYTES = 4 << 20;
  private static final int HEADER = 25;
  private static final long LINGER = 20_000_000;
  private static final long BETWEEN_LOOKS = 1_000_000;
  private static final long MIN_BETWEEN_QUESTIONS = 5_000_000;
  private static final long MAX_BETWEEN_QUESTIONS = 1_000_000_000;

  private final LogSplit split;
  private final ReplicationConnection connection;
  private final ChangeRouter router;
  private final LogDecoder decoder;
  private final LogMonitor monitor;
  private final ReadAhead ahead;
  private final FormatFailures formatFailures;
  private final RecopySchedule recopies;
  private List<Batch> ready = List.of();
  private int next;
  private byte @Nullable [] pending;
  private long boundary;
  private long questionAt;
  private long betweenQuestions = MIN_BETWEEN_QUESTIONS;
  private final Set<String> told = new HashSet<>();
  private long outdatedAt;
  private boolean finished;
  private volatile boolean closed;

  private LogReader(
      LogSplit split,
      ReplicationConnection connection,
      ChangeRouter router,
      LogDecoder decoder,
      LogMonitor monitor,
      FormatFailures formatFailures,
      ReaderOptions options) {
    this.split = split;
    this.connection = connection;
    this.router = router;
    this.decoder = decoder;
    this.monitor = monitor;
    this.formatFailures = formatFailures;
    this.recopies = options.recopies();
    this.boundary = split.start();
    this.ahead = new ReadAhead(connection, split.slot());
  }

  /// Begins to read.
  public static LogReader open(Sessions sessions, LogSplit split, ReaderOptions options)
      throws IOException, InterruptedException {
    ChangeRouter router =
        new ChangeRouter(sessions, split.database(), split.streams(), options.keepsRemoved());
    PluginDecoding decoding = PluginDecoding.of(sessions, split, router, options);
    ReplicationConnection connection =
        SlotAttachment.attach(sessions, split, decoding.options(), options);
    try {
      return begin(sessions, split, options, router, decoding, connection);
    } catch (RuntimeException | Error e) {
      Closer.after(e, connection);
      throw e;
    }
  }

  private static LogReader begin(
      Sessions sessions,
      LogSplit split,
      ReaderOptions options,
      ChangeRouter router,
      PluginDecoding decoding,
      ReplicationConnection connection) {
    LogMonitor monitor =
        new LogMonitor(
            sessions,
            split,
            options.heartbeat(),
            new FactMonitor(
                log(split, connection), options.keepsRemoved(), watched(split, connection)),
            options.betweenLooks(),
            options.identities());
    // What was accepted when the connection was made: a standby that was promoted is on another
    // timeline, on which the positions are from now on.
    for (FollowedStream stream : split.streams()) {
      router.restOn(stream.name(), connection.server().in(stream.from().facts()), Set.of());
    }
    LogReader reader =
        new LogReader(
            split,
            connection,
            router,
            decoding.decoder(),
            monitor,
            new FormatFailures(split, options.fallback(), decoding.convertible()),
            options);
    reader.ahead.start();
    monitor.start();
    return reader;
  }

  private static LogDescription log(LogSplit split, ReplicationConnection connection) {
    return new LogDescription(
        connection.server(), split.slot(), split.plugin(), split.format(), split.publications());
  }

  private static Map<StreamName, FactMonitor.Watched> watched(
      LogSplit split, ReplicationConnection connection) {
    Map<StreamName, FactMonitor.Watched> watched = new LinkedHashMap<>();
    for (FollowedStream stream : split.streams()) {
      watched.put(
          stream.name(),
          new FactMonitor.Watched(
              stream.selected(),
              stream.everything(),
              stream.from().oid(),
              connection.server().in(stream.from().facts()),
              stream.from().filter()));
    }
    return watched;
  }

  @Override
  public Optional<Batch> poll(Duration timeout) throws IOException, InterruptedException {
    throwFailure();
    monitor.requireAlive();
    takeSeen();
    throwOutdated();
    if (next == ready.size() && !finished) {
      router.clear();
      ready = List.of();
      next = 0;
      try {
        fill(System.nanoTime() + timeout.toNanos());
      } catch (ClosedByInterruptException e) {
        Thread.interrupted();
        throw (InterruptedException)
            new InterruptedException("slot '" + split.slot() + "': the read was interrupted")
                .initCause(e);
      } catch (IOException e) {
        throw formatFailures.explain(e);
      }
      router.met().forEach(monitor::meet);
      throwFailure();
      ready = router.batches();
    }
    return next < ready.size() ? Optional.of(ready.get(next++)) : Optional.empty();
  }

  private void takeSeen() throws IOException {
    boolean moved = false;
    for (Map.Entry<StreamName, FactMonitor.Seen> entry : monitor.seen().entrySet()) {
      StreamName name = entry.getKey();
      for (Difference difference : entry.getValue().differences()) {
        switch (difference.consequence()) {
          case STREAM_ENDS, ALL_END -> router.end(name, difference.sentence());
          case COPIED_ANEW -> router.outdate(name, difference.sentence());
          case GOES_ON -> {
            // Rows that are copied anew do not stay as they are.
            if (!entry.getValue().facts().isEmpty()) {
              difference.tell(LOG, name, told);
            }
          }
        }
        moved |= difference.notice() == Notice.BORN || difference.notice() == Notice.REMOVED;
      }
      if (!entry.getValue().facts().isEmpty()) {
        router.restOn(name, entry.getValue().facts(), entry.getValue().met());
      }
    }
    if (moved) {
      router.reload();
      decoder.membershipHasChanged();
    }
    throwFailure();
  }

  /// Gives the split up once streams must be copied anew: between two transactions, where the
  /// others can be resumed, and after a while in which more of them may be found.
  private void throwOutdated() throws IOException {
    Map<StreamName, String> outdated = router.outdated();
    if (outdated.isEmpty() || next < ready.size() || router.inTransaction()) {
      return;
    }
    long now = System.nanoTime();
    if (outdatedAt == 0) {
      outdatedAt = now;
    }
    boolean endless = split.end().isEmpty();
    if (endless ? now - outdatedAt < recopies.pause().toNanos() : !finished) {
      return;
    }
    Map<StreamName, String> renewed = new LinkedHashMap<>();
    for (Map.Entry<StreamName, String> entry : outdated.entrySet()) {
      if (endless || recopies.mayRepeat(entry.getKey())) {
        renewed.put(entry.getKey(), entry.getValue());
      } else {
        router.refuse(
            entry.getKey(),
            entry.getValue() + ", again and again during this run; the next run copies it anew");
      }
    }
    recopies.add(renewed);
    throwFailure();
    throw new StaleSplitException(
        "slot '%s': must be copied anew: %s".formatted(split.slot(), renewed), null);
  }

  private void throwFailure() throws StreamException {
    Optional<StreamException> failure = router.failure();
    if (failure.isPresent()) {
      // What the others have had so far in this round is handed out by the next calls.
      ready = next == 0 ? router.batches() : ready;
      throw failure.get();
    }
  }

  private void fill(long deadline) throws IOException, InterruptedException {
    long begin = 0;
    int bytes = 0;
    while (!isAtEnd()) {
      byte @Nullable [] message = take();
      if (message == null) {
        long now = System.nanoTime();
        if (router.rows() > 0) {
          begin = begin == 0 ? now : begin;
          boolean between = !router.inTransaction();
          if (now >= deadline || (between && (ahead.isLight() || now - begin > LINGER))) {
            return;
          }
        } else if (now >= deadline) {
          return;
        }
        long nextQuestion = askForEnd(now);
        ahead.await(Math.min(nextQuestion, router.rows() == 0 ? deadline - now : BETWEEN_LOOKS));
        continue;
      }
      if (!accept(message)) {
        return;
      }
      bytes += message.length;
      boolean enough = router.rows() >= ROWS || bytes >= BYTES;
      boolean tooMuch = router.rows() >= 2 * ROWS || bytes >= 2 * BYTES;
      if (tooMuch || (enough && !router.inTransaction())) {
        return;
      }
    }
    finished = true;
  }

  private byte @Nullable [] take() throws IOException {
    byte[] kept = pending;
    if (kept != null) {
      pending = null;
      return kept;
    }
    if (closed) {
      throw new IOException("slot '" + split.slot() + "': the read was closed");
    }
    return ahead.poll();
  }

  private boolean isAtEnd() {
    return split.end().isPresent()
        && !router.inTransaction()
        && !Lsn.isBefore(boundary, split.end().getAsLong());
  }

  // The server says how far it is when it has nothing to send, but not always at once. Returns in
  // how many nanoseconds to ask again.
  private long askForEnd(long now) throws IOException {
    if (split.end().isEmpty() || router.inTransaction()) {
      return Long.MAX_VALUE;
    }
    if (now - questionAt >= betweenQuestions) {
      questionAt = now;
      betweenQuestions = Math.min(MAX_BETWEEN_QUESTIONS, betweenQuestions * 2);
      connection.sendStatus(true);
    }
    return questionAt + betweenQuestions - now;
  }

  // Returns false when the message must be given again.
  private boolean accept(byte[] message) throws IOException {
    switch (message[0]) {
      case 'w' -> {
        switch (decoder.decode(message, HEADER)) {
          case TAKEN -> {}
          case COMMITTED -> moveTo(decoder.end());
          case AGAIN -> {
            pending = message;
            return false;
          }
        }
      }
      case 'k' -> keepalive(ByteBuffer.wrap(message));
      default ->
          throw new IOException(
              "slot '%s': the server sends a message of an unknown kind, '%c'"
                  .formatted(split.slot(), (char) message[0]));
    }
    return true;
  }

  private void keepalive(ByteBuffer message) throws IOException {
    message.get();
    long end = message.getLong();
    message.getLong();
    // In the middle of a transaction it says nothing of what was sent.
    if (!router.inTransaction()) {
      moveTo(end);
    }
    if (message.get() != 0) {
      connection.sendStatus(false);
    }
  }

  private void moveTo(long lsn) {
    boundary = Lsn.max(boundary, lsn);
    connection.received(boundary);
    monitor.read(boundary, router.lastCommitTime());
  }

  @Override
  public boolean finished() {
    return finished && next == ready.size() && router.outdated().isEmpty();
  }

  @Override
  public Map<StreamName, Position> positions() {
    if (next < ready.size() || router.inTransaction()) {
      return Map.of();
    }
    Map<StreamName, Position> positions = new LinkedHashMap<>();
    router
        .positions(boundary)
        .forEach((name, position) -> positions.put(name, position.position()));
    return positions;
  }

  @Override
  public void acknowledge(Map<StreamName, Position> durable) throws IOException {
    long safe = split.floor().orElse(-1L);
    for (Position position : durable.values()) {
      // One that is still to be copied needs nothing of what is there now.
      if (LogPosition.is(position)) {
        safe = Lsn.min(safe, LogPosition.of(position).lsn());
      }
    }
    if (safe != -1) {
      connection.confirm(safe);
    }
  }

  @Override
  public Optional<Lag> lag() {
    return monitor.lag();
  }

  @Override
  public void close() throws IOException {
    closed = true;
    Closer.all(monitor, ahead::close, decoder, connection);
  }
}
