package dev.tapline.source.postgres.replication.stream;

import dev.tapline.source.postgres.activity.OpenTransaction;
import dev.tapline.source.postgres.activity.ServerActivity;
import dev.tapline.source.postgres.connection.Session;
import dev.tapline.source.postgres.connection.Sessions;
import dev.tapline.source.postgres.replication.facts.FactMonitor;
import dev.tapline.source.postgres.replication.position.LogSplit;
import dev.tapline.source.postgres.replication.position.Lsn;
import dev.tapline.source.postgres.replication.publication.IdentityMonitor;
import dev.tapline.source.postgres.replication.slot.RetainedWal;
import dev.tapline.source.postgres.replication.slot.SlotState;
import dev.tapline.source.postgres.replication.slot.Slots;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.catalog.Temporals;
import dev.tapline.spi.source.Lag;
import dev.tapline.spi.thread.Threads;
import java.io.Closeable;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Checks the end of the log regularly, to know how far behind the reader is, and writes
/// heartbeats. Its failures do not fail the run.
final class LogMonitor implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(LogMonitor.class);
  private static final Duration BETWEEN = Duration.ofSeconds(2);
  private static final int RARER = 50;
  private static final int LOOKS_BEFORE_A_WORD = 3;
  private static final long BETWEEN_IDENTITIES = 10_000_000_000L;
  private static final String HEARTBEAT =
      "SELECT pg_catalog.pg_logical_emit_message(false, 'tapline', 'heartbeat')";

  private final Sessions sessions;
  private final LogSplit split;
  private final Optional<Duration> heartbeat;
  private final FactMonitor factMonitor;
  private final Duration betweenLooks;
  private final AtomicReference<Map<StreamName, FactMonitor.Seen>> seen =
      new AtomicReference<>(Map.of());
  private final IdentityMonitor identities;
  private final Thread thread;
  private String holder = "";
  private int failedLooks;
  private volatile @Nullable Throwable died;
  private volatile long position;
  private volatile long committed;
  private volatile long end;

  LogMonitor(
      Sessions sessions,
      LogSplit split,
      Optional<Duration> heartbeat,
      FactMonitor factMonitor,
      Duration betweenLooks,
      IdentityMonitor identities) {
    this.factMonitor = factMonitor;
    this.betweenLooks = betweenLooks;
    this.identities = identities;
    this.sessions = sessions;
    this.split = split;
    this.heartbeat = heartbeat;
    this.position = split.start();
    this.thread = Threads.virtual("log-watch", this::watch);
  }

  void start() {
    thread.start();
  }

  /// The log was read up to `lsn`, where a transaction ended that was committed at `time`.
  void read(long lsn, long time) {
    position = lsn;
    committed = time;
  }

  Optional<Lag> lag() {
    long seen = end;
    if (seen == 0) {
      return Optional.empty();
    }
    long behind = Lsn.isBefore(position, seen) ? seen - position : 0;
    long time = committed;
    if (behind == 0 || time == 0) {
      return Optional.of(new Lag(behind, Duration.ZERO));
    }
    Duration late = Duration.of(Temporals.micros(Instant.now()) - time, ChronoUnit.MICROS);
    return Optional.of(new Lag(behind, late.isNegative() ? Duration.ZERO : late));
  }

  /// Rows of these tables have come, as [FactMonitor#meet] has it.
  void meet(StreamName stream, Set<Long> oids) {
    factMonitor.meet(stream, oids);
  }

  /// What was seen of the streams since the last call that is not as it was.
  Map<StreamName, FactMonitor.Seen> seen() {
    return seen.getAndSet(Map.of());
  }

  private void watch() throws InterruptedException {
    Duration pause = shorter(betweenLooks, heartbeat.orElse(BETWEEN));
    long beatAt = System.nanoTime();
    long lookAt = beatAt + betweenLooks.toNanos();
    long identitiesAt = beatAt - BETWEEN_IDENTITIES;
    try {
      while (!Thread.interrupted()) {
        boolean beat =
            heartbeat.isPresent() && System.nanoTime() - beatAt >= heartbeat.get().toNanos();
        if (beat) {
          beatAt = System.nanoTime();
        }
        boolean identify = System.nanoTime() - identitiesAt >= BETWEEN_IDENTITIES;
        if (identify) {
          identitiesAt = System.nanoTime();
        }
        look(beat, identify);
        if (System.nanoTime() - lookAt >= 0) {
          long began = System.nanoTime();
          lookAround();
          long ended = System.nanoTime();
          // Where a look takes long, it must not take much of the server's time.
          lookAt = ended + Math.max(betweenLooks.toNanos(), (ended - began) * RARER);
        }
        Thread.sleep(pause);
      }
    } catch (RuntimeException | Error e) {
      died = e;
      throw e;
    }
  }

  /// @throws IOException if the monitor has died
  void requireAlive() throws IOException {
    Throwable cause = died;
    if (cause != null) {
      throw new IOException(
          "slot '%s': what is true of its tables cannot be found out any more (%s)"
              .formatted(split.slot(), cause),
          cause);
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    Duration shorter = one.compareTo(other) < 0 ? one : other;
    return shorter.compareTo(BETWEEN) < 0 ? shorter : BETWEEN;
  }

  private void lookAround() {
    try {
      Map<StreamName, FactMonitor.Seen> found = sessions.with(split.database(), factMonitor::at);
      seen.accumulateAndGet(
          found,
          (earlier, later) -> {
            Map<StreamName, FactMonitor.Seen> all = new HashMap<>(earlier);
            later.forEach((name, one) -> all.merge(name, one, FactMonitor.Seen::then));
            return all;
          });
      failedLooks = 0;
    } catch (IOException e) {
      failedLooks++;
      if (failedLooks % LOOKS_BEFORE_A_WORD == 0) {
        LOG.warn(
            "database '{}': what its positions rest on cannot be compared ({}), so that what the log does not tell of is not noticed",
            split.database(),
            e.getMessage());
      } else {
        LOG.debug("cannot look at the tables of '{}'", split.database(), e);
      }
    }
  }

  private void look(boolean beat, boolean identify) {
    try {
      end =
          sessions.with(
              split.database(),
              session -> {
                long now = new Slots(session).end();
                if (beat) {
                  session.query(HEARTBEAT, row -> row.getString(1));
                }
                if (identify) {
                  identities.look(session);
                  lookForHolder(session);
                }
                return now;
              });
    } catch (IOException e) {
      LOG.debug("cannot look at the end of the log of '{}'", split.database(), e);
    }
  }

  private void lookForHolder(Session session) throws SQLException {
    @Nullable SlotState slot = new Slots(session).find(split.slot()).orElse(null);
    @Nullable OpenTransaction found =
        slot == null ? null : RetainedWal.holder(slot, ServerActivity.all(session)).orElse(null);
    String name = found == null ? "" : found.isPrepared() ? found.gid() : "PID " + found.pid();
    if (slot != null && found != null && !name.equals(holder)) {
      LOG.warn("{}; {}", RetainedWal.said(slot, found), found.remedy());
    }
    holder = name;
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
