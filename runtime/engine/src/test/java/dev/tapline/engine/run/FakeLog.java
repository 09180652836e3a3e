package dev.tapline.engine.run;

import dev.tapline.spi.Position;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.batch.LongColumn;
import dev.tapline.spi.catalog.Schema;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.ChangeLog;
import dev.tapline.spi.source.Lag;
import dev.tapline.spi.source.Snapshot;
import dev.tapline.spi.source.Split;
import dev.tapline.spi.source.StaleSplitException;
import dev.tapline.spi.source.StreamException;
import dev.tapline.spi.source.StreamPosition;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/// A log in memory: transactions over many streams, each with its own end as position (`lsn`). What
/// a stream's table holds (see [FakeSource#tables]) is what was there before the log began.
///
/// A round of the reader brings one transaction, one batch a stream; between two transactions it
/// has positions, and within one it has none.
public final class FakeLog implements ChangeLog {
  /// What happens before a batch of a transaction is returned.
  public interface Trouble {
    void before(long lsn, StreamName stream) throws IOException, InterruptedException;
  }

  private record Transaction(long lsn, Map<StreamName, List<Long>> rows, Schema schema) {}

  final List<List<StreamPosition>> retained = Collections.synchronizedList(new ArrayList<>());
  final List<List<StreamPosition>> absent = Collections.synchronizedList(new ArrayList<>());
  final List<Map<StreamName, Position>> confirmed = Collections.synchronizedList(new ArrayList<>());
  final Map<StreamName, String> remade = new ConcurrentHashMap<>();
  final List<String> openedReads = Collections.synchronizedList(new ArrayList<>());
  final Set<StreamName> unpublished = ConcurrentHashMap.newKeySet();

  /// Streams that must be copied anew, once the log was read to its end: they have no place in it.
  final Set<StreamName> outdated = ConcurrentHashMap.newKeySet();

  volatile CountDownLatch waits = new CountDownLatch(0);
  public volatile Trouble trouble = (lsn, stream) -> {};
  volatile IOException lost;
  public volatile String lostDatabase = "";
  private final List<Transaction> transactions = new ArrayList<>();
  private long end = 100;

  /// How far it was last found to bring nothing more.
  volatile long readTo;

  /// Adds a transaction: to each table named, the numbers.
  public synchronized FakeLog commit(Map<String, List<Long>> rows) {
    return commit(FakeSource.SCHEMA, rows);
  }

  public synchronized FakeLog commit(Schema schema, Map<String, List<Long>> rows) {
    Map<StreamName, List<Long>> named = new LinkedHashMap<>();
    rows.forEach((table, numbers) -> named.put(FakeSource.name(table), numbers));
    end += 10;
    transactions.add(new Transaction(end, named, schema));
    return this;
  }

  /// The log goes on without anything of the streams.
  synchronized void advance(long bytes) {
    end += bytes;
  }

  synchronized long end() {
    return end;
  }

  private synchronized Optional<Transaction> after(long lsn, long until) {
    return transactions.stream()
        .filter(transaction -> transaction.lsn() > lsn && transaction.lsn() <= until)
        .findFirst();
  }

  static Position at(long lsn) {
    return Position.of("lsn", Long.toString(lsn));
  }

  private static long lsn(Position position) {
    return Long.parseLong(position.entries().get("lsn"));
  }

  @Override
  public Map<StreamName, String> retain(List<StreamPosition> streams, List<StreamPosition> others)
      throws IOException, InterruptedException {
    List<StreamPosition> all = new ArrayList<>(streams);
    all.addAll(others);
    retained.add(all);
    waits.await();
    if (lost != null) {
      throw lost;
    }
    for (StreamPosition streamPosition : streams) {
      if (streamPosition.stream().name().database().equals(lostDatabase)) {
        throw new IOException("the slot of " + lostDatabase + " is lost");
      }
    }
    List<StreamException> refused =
        streams.stream()
            .map(streamPosition -> streamPosition.stream().name())
            .filter(unpublished::contains)
            .map(name -> new StreamException(name, "it is not published", null))
            .toList();
    if (!refused.isEmpty()) {
      refused.stream().skip(1).forEach(refused.getFirst()::addSuppressed);
      throw refused.getFirst();
    }
    Map<StreamName, String> named = new LinkedHashMap<>();
    for (StreamPosition streamPosition : streams) {
      String reason = remade.remove(streamPosition.stream().name());
      if (reason != null) {
        named.put(streamPosition.stream().name(), reason);
      }
    }
    return named;
  }

  @Override
  public Position positionUnder(Snapshot snapshot, Stream stream) {
    return at(end());
  }

  @Override
  public List<Split> follow(
      List<StreamPosition> streams, List<StreamPosition> others, Extent extent) {
    absent.add(List.copyOf(others));
    Map<StreamName, Position> from = new LinkedHashMap<>();
    streams.forEach(
        streamPosition -> from.put(streamPosition.stream().name(), streamPosition.position()));
    long until = extent == Extent.UNTIL_NOW ? end() : Long.MAX_VALUE;
    return from.isEmpty()
        ? List.of()
        : List.of(
            new Split(
                "log-" + streams.getFirst().stream().name().database(),
                from,
                WriteMode.APPEND,
                "log",
                Map.of("until", Long.toString(until))));
  }

  BatchReader open(Split split) {
    openedReads.add(split.id());
    return new Reader(split);
  }

  private final class Reader implements BatchReader {
    private final Map<StreamName, Long> from = new LinkedHashMap<>();
    private final long until;
    private final Deque<Batch> round = new ArrayDeque<>();
    private long reached;
    private long roundEnd;

    Reader(Split split) {
      split.from().forEach((name, position) -> from.put(name, lsn(position)));
      until = Long.parseLong(split.arguments().get("until"));
      reached = from.values().stream().mapToLong(Long::longValue).min().orElseThrow();
    }

    @Override
    public Optional<Batch> poll(Duration timeout) throws IOException, InterruptedException {
      if (round.isEmpty()) {
        // Asked for first: what is committed between the two is beyond it.
        long known = Math.min(end(), until);
        Optional<Transaction> next = after(reached, known);
        if (next.isEmpty()) {
          reached = Math.max(reached, known);
          readTo = reached;
          if (!outdated.isEmpty()) {
            outdated.forEach(name -> remade.put(name, "a part of it was truncated"));
            outdated.clear();
            throw new StaleSplitException("it must be copied anew", null);
          }
          if (!finished()) {
            Thread.sleep(Math.min(5, timeout.toMillis()));
          }
          return Optional.empty();
        }
        fill(next.get());
        if (round.isEmpty()) {
          return Optional.empty();
        }
      }
      Batch batch = round.getFirst();
      StreamName stream = batch.stream();
      try {
        trouble.before(roundEnd, stream);
      } catch (dev.tapline.spi.source.StreamException e) {
        round.removeFirst();
        from.remove(e.stream());
        endRound();
        throw e;
      }
      round.removeFirst();
      endRound();
      return Optional.of(batch);
    }

    private void endRound() {
      if (round.isEmpty()) {
        reached = roundEnd;
      }
    }

    private void fill(Transaction transaction) {
      roundEnd = transaction.lsn();
      transaction
          .rows()
          .forEach((name, numbers) -> {
            if (from.getOrDefault(name, Long.MAX_VALUE) < transaction.lsn()) {
              round.add(batch(transaction, name, numbers));
            }
          });
      endRound();
    }

    private Batch batch(Transaction transaction, StreamName name, List<Long> numbers) {
      Batch batch = new Batch(name, transaction.schema(), numbers.size());
      for (int i = 0; i < numbers.size(); i++) {
        for (int column = 0; column < batch.columns().size(); column++) {
          ((LongColumn) batch.column(column)).append(numbers.get(i));
        }
        batch.endRow(Change.INSERT, transaction.lsn(), i, 0, transaction.lsn());
      }
      return batch;
    }

    @Override
    public boolean finished() {
      return round.isEmpty() && reached >= until && outdated.isEmpty();
    }

    @Override
    public Map<StreamName, Position> positions() {
      if (!round.isEmpty()) {
        return Map.of();
      }
      Map<StreamName, Position> positions = new LinkedHashMap<>();
      from.forEach((name, lsn) -> {
        if (!outdated.contains(name)) {
          positions.put(name, at(Math.max(lsn, reached)));
        }
      });
      return positions;
    }

    @Override
    public void acknowledge(Map<StreamName, Position> durable) {
      confirmed.add(durable);
    }

    @Override
    public Optional<Lag> lag() {
      return Optional.of(new Lag(end() - reached, Duration.ofSeconds(end() - reached)));
    }

    @Override
    public void close() {}
  }
}
