package dev.tapline.runtime.engine;

import dev.tapline.runtime.state.StreamState;
import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.Checkpoint;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.source.Read;
import dev.tapline.spi.source.StaleReadException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// Runs the planned reads, so many at a time, and decides what follows from the end of each: a
/// stream's new version is complete, the stream has failed, it must be planned anew. All decisions
/// are made by the thread that calls [#run(List)].
final class Coordinator {
  private static final Logger LOG = LoggerFactory.getLogger("run");
  private static final int MOST_PLANS = 5;
  private static final Duration TO_FINISH = Duration.ofSeconds(2);

  private final ReadTask.Shared shared;
  private final Planner planner;
  private final Generations generations;
  private final Map<StreamName, StreamWork> streams;
  private final Deque<Read> waiting = new ArrayDeque<>();
  private final BlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
  private final Map<StreamName, Integer> plans = new LinkedHashMap<>();
  private final Map<StreamName, CompletableFuture<Void>> completing = new LinkedHashMap<>();
  private final Map<String, ReadTask> tasks = new LinkedHashMap<>();
  private long stopSeenAt;
  private int running;

  private record Ended(
      Read read, ReadTask.@Nullable Outcome outcome, @Nullable Exception failure) {}

  Coordinator(
      ReadTask.Shared shared,
      Planner planner,
      Generations generations,
      Map<StreamName, StreamWork> streams) {
    this.shared = shared;
    this.planner = planner;
    this.generations = generations;
    this.streams = streams;
  }

  void run(List<Read> reads) throws InterruptedException {
    waiting.addAll(reads);
    int parallelism = shared.settings().parallelism();
    try (ExecutorService workers = Executors.newFixedThreadPool(parallelism)) {
      while (running > 0 || !waiting.isEmpty()) {
        if (shared.stop().isRequested()) {
          waiting.clear();
          cancelWaiting();
        }
        while (running < parallelism && !waiting.isEmpty()) {
          begin(workers, waiting.removeFirst());
        }
        Ended next = ended.poll(200, TimeUnit.MILLISECONDS);
        if (next != null) {
          running--;
          tasks.remove(next.read().id());
          end(next);
        }
      }
    }
    for (StreamWork work : streams.values()) {
      if (!work.progress().hasEnded() && !completing.containsKey(work.stream().name())) {
        work.progress().stopped();
      }
    }
  }

  /// Ends the reads that have not ended by themselves: they wait for the source, for a lock
  /// perhaps. What they would bring of a new version is given up in any case.
  private void cancelWaiting() {
    long now = System.nanoTime();
    if (stopSeenAt == 0) {
      stopSeenAt = now;
    }
    if (now - stopSeenAt > TO_FINISH.toNanos()) {
      tasks.values().forEach(ReadTask::cancel);
    }
  }

  private static String tooLarge() {
    return "its rows do not fit into the heap of %d MB; set TAPLINE_JAVA_OPTIONS=-Xmx1g, lower engine.parallelism, or exclude the column that is so large"
        .formatted(Runtime.getRuntime().maxMemory() >> 20);
  }

  /// Waits until every complete stream is durable, or known not to be.
  void awaitCompletions() throws InterruptedException {
    for (Map.Entry<StreamName, CompletableFuture<Void>> entry : completing.entrySet()) {
      try {
        entry.getValue().get();
      } catch (ExecutionException e) {
        fail(work(entry.getKey()), Failures.cause(e));
      }
    }
  }

  private void begin(ExecutorService workers, Read read) {
    Map<StreamName, StreamWork> its = new LinkedHashMap<>();
    for (StreamName name : read.streams()) {
      its.put(name, work(name));
    }
    its.values().forEach(StreamWork::readBegan);
    running++;
    String label = read.streams().size() == 1 ? read.streams().getFirst().toString() : read.id();
    ReadTask task = new ReadTask(shared, read, its);
    tasks.put(read.id(), task);
    workers.execute(() -> work(read, task, label));
  }

  private void work(Read read, ReadTask task, String label) {
    Thread.currentThread().setName("read-" + read.id());
    MDC.put("stream", label);
    try {
      ended.add(new Ended(read, task.run(), null));
    } catch (Exception e) {
      ended.add(new Ended(read, null, e));
    } catch (OutOfMemoryError e) {
      ended.add(new Ended(read, null, new IOException(tooLarge(), e)));
    } catch (Error e) {
      // A plug-in that is broken must not take the other streams along.
      ended.add(new Ended(read, null, new IOException(e.toString(), e)));
    } finally {
      MDC.remove("stream");
    }
  }

  private void end(Ended end) throws InterruptedException {
    // First: a stream that is planned anew gives its reads the same names again.
    planner.readEnded(end.read());
    for (StreamName name : end.read().streams()) {
      StreamWork work = work(name);
      work.readEnded();
      if (end.failure() instanceof StaleReadException && mayPlanAgain(work)) {
        work.abandon();
      } else if (end.failure() != null && isCancelled(end.read())) {
        work.progress().stopped();
      } else if (end.failure() != null) {
        fail(work, end.failure());
      } else if (end.outcome() != null && end.outcome().finished() && !work.isAbandoned()) {
        work.prepared().addAll(end.outcome().commits());
      } else if (shared.stop().isRequested()) {
        work.progress().stopped();
      }
      if (work.isAbandoned() && !work.progress().hasEnded() && work.isIdle()) {
        planAnew(work);
      } else if (work.hasNoReadsLeft() && !work.progress().hasEnded()) {
        complete(work);
      }
    }
  }

  private boolean isCancelled(Read read) {
    return shared.stop().isRequested() && read.mode() == WriteMode.REPLACE;
  }

  private boolean mayPlanAgain(StreamWork work) {
    return !shared.stop().isRequested()
        && !work.progress().hasEnded()
        && plans.merge(work.stream().name(), 1, Integer::sum) < MOST_PLANS;
  }

  private void planAnew(StreamWork work) throws InterruptedException {
    LOG.warn("stream {}: what was read so far is given up; planned anew", work.stream().name());
    dropWaiting(work);
    work.beginAnew(generations.next());
    try {
      List<Read> reads = planner.planAnew(work);
      reads.forEach(waiting::addLast);
    } catch (IOException e) {
      fail(work, e);
    }
  }

  private void fail(StreamWork work, Throwable failure) {
    work.abandon();
    dropWaiting(work);
    if (work.progress().status() != StreamProgress.Status.FAILED) {
      String message = Failures.message(failure);
      LOG.error("stream {}: {}", work.stream().name(), message, failure);
      work.progress().failed(message);
    }
  }

  private void dropWaiting(StreamWork work) {
    waiting.removeIf(read -> {
      boolean drop =
          read.streams().stream().allMatch(name -> work(name).isAbandoned())
              && read.streams().contains(work.stream().name());
      if (drop) {
        planner.readEnded(read);
      }
      return drop;
    });
  }

  private void complete(StreamWork work) throws InterruptedException {
    if (!work.replaces()) {
      work.progress().done();
      return;
    }
    StreamName name = work.stream().name();
    try {
      CompletableFuture<Void> durable =
          shared
              .checkpointer()
              .submit(
                  List.copyOf(work.prepared()),
                  List.of(
                      new Checkpoint.Replacement(
                          name, work.stream().destination(), work.generation())),
                  List.of(
                      new StreamState(
                          name,
                          work.stream().method(),
                          work.stream().destination(),
                          work.generation(),
                          Position.START,
                          Instant.now())));
      completing.put(
          name,
          durable.thenRun(() -> {
            work.progress().done();
            LOG.info("stream {}: done, {} rows", name, work.progress().rows());
          }));
    } catch (IOException e) {
      fail(work, e);
    }
  }

  private StreamWork work(StreamName name) {
    StreamWork work = streams.get(name);
    if (work == null) {
      throw new IllegalStateException("no stream " + name + " in this run");
    }
    return work;
  }
}
