package dev.tapline.engine.run;

import dev.tapline.engine.failure.Failures;
import dev.tapline.engine.plan.AttemptLimiter;
import dev.tapline.engine.plan.Planner;
import dev.tapline.engine.plan.StreamWork;
import dev.tapline.engine.state.StreamState;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.sink.Checkpoint;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.source.Split;
import dev.tapline.spi.source.StaleSplitException;
import dev.tapline.spi.thread.Threads;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// Runs the planned splits, so many at a time and those of logs beside them, and decides what
/// follows from the end of each: a stream's new version is complete, the stream has failed, it must
/// be planned anew or again. All decisions are made by the thread that calls [#run(List)].
final class Coordinator {
  private static final Logger LOG = LoggerFactory.getLogger("run");
  private static final int MOST_PLANS = 4;
  private static final Duration TO_FINISH = Duration.ofSeconds(2);
  private static final Duration AFTER_A_DEATH = Duration.ofSeconds(5);

  private final SplitTask.RunContext context;
  private final Planner planner;
  private final Map<StreamName, StreamWork> streams;
  private final Deque<Split> waiting = new ArrayDeque<>();
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Map<StreamName, AttemptLimiter> plans = new LinkedHashMap<>();
  private final Map<StreamName, CompletableFuture<Void>> completing = new LinkedHashMap<>();
  private final Map<String, SplitTask> tasks = new LinkedHashMap<>();
  private final ThreadDeaths deaths;
  private long stopSeenAt;
  private long givenUpAt;
  private int scanning;

  private sealed interface Event {}

  private record Ended(
      Split split, SplitTask.@Nullable Outcome outcome, @Nullable IOException failure)
      implements Event {}

  private record Completed(StreamWork work, @Nullable Throwable failure) implements Event {}

  private record Died(IOException reason) implements Event {}

  Coordinator(
      SplitTask.RunContext context,
      Planner planner,
      Map<StreamName, StreamWork> streams,
      ThreadDeaths deaths) {
    this.deaths = deaths;
    this.context = context;
    this.planner = planner;
    this.streams = streams;
  }

  /// Runs until nothing is left to do, and every complete stream is durable or known not to be.
  void run(List<Split> splits) throws InterruptedException {
    waiting.addAll(splits);
    ExecutorService workers = Threads.pool("read");
    deaths.reportTo(reason -> events.add(new Died(reason)));
    try {
      planAgain();
      while (mayGoOn() && (!tasks.isEmpty() || !waiting.isEmpty() || !completing.isEmpty())) {
        if (context.stop().isRequested()) {
          waiting.clear();
          cancelWaiting();
        }
        beginWaiting(workers);
        Event event = events.poll(200, TimeUnit.MILLISECONDS);
        if (event != null) {
          handle(event);
          planAgain();
        } else if (completeWithoutEvent()) {
          planAgain();
        }
      }
    } catch (InterruptedException | RuntimeException | Error e) {
      giveUp(Failures.of(e));
      throw e;
    } finally {
      deaths.reportToRun();
      shutDown(workers);
    }
    for (StreamWork work : streams.values()) {
      if (!work.progress().hasEnded()) {
        work.progress().stopped();
      }
    }
  }

  private void handle(Event event) throws InterruptedException {
    switch (event) {
      case Ended ended -> {
        tasks.remove(ended.split().id());
        scanning -= planner.follows(ended.split()) ? 0 : 1;
        splitEnded(ended);
      }
      case Completed completed -> {
        if (completing.remove(completed.work().stream().name()) != null) {
          completed(completed.work(), completed.failure());
        }
      }
      case Died died -> giveUp(died.reason());
    }
  }

  /// Whether the run has not been given up, or what it has begun may still come to an end.
  private boolean mayGoOn() {
    return givenUpAt == 0 || System.nanoTime() - givenUpAt < AFTER_A_DEATH.toNanos();
  }

  /// Ends every stream: a thread is gone that the run needs.
  private void giveUp(IOException reason) {
    if (givenUpAt != 0) {
      return;
    }
    givenUpAt = System.nanoTime();
    waiting.clear();
    List<StreamWork> left =
        streams.values().stream().filter(work -> !work.progress().hasEnded()).toList();
    StreamWork.fail(left, reason);
    left.forEach(this::dropWaiting);
    tasks.values().forEach(SplitTask::abort);
  }

  private void shutDown(ExecutorService workers) throws InterruptedException {
    if (givenUpAt == 0) {
      workers.close();
      return;
    }
    workers.shutdownNow();
    if (!workers.awaitTermination(TO_FINISH.toNanos(), TimeUnit.NANOSECONDS)) {
      LOG.warn("some reads do not end; they end with the process");
    }
  }

  private void planAgain() throws InterruptedException {
    if (!context.stop().isRequested() && givenUpAt == 0) {
      waiting.addAll(planner.planAgain());
    }
  }

  /// Ends the splits that have not ended by themselves: they wait for the source, for a lock
  /// perhaps. What they would bring of a new version is given up in any case.
  private void cancelWaiting() {
    long now = System.nanoTime();
    if (stopSeenAt == 0) {
      stopSeenAt = now;
    }
    if (now - stopSeenAt > TO_FINISH.toNanos()) {
      tasks.values().forEach(SplitTask::cancel);
    }
  }

  /// Begins what may begin: a log at once, a scan when there is room for it.
  private void beginWaiting(ExecutorService workers) {
    waiting.removeIf(split -> {
      boolean log = planner.follows(split);
      if (!log && scanning >= context.settings().parallelism()) {
        return false;
      }
      scanning += log ? 0 : 1;
      begin(workers, split);
      return true;
    });
  }

  private void begin(ExecutorService workers, Split split) {
    Map<StreamName, StreamWork> its = new LinkedHashMap<>();
    for (StreamName name : split.streams()) {
      its.put(name, workOf(name));
    }
    its.values().forEach(StreamWork::splitStarted);
    String label = its.size() == 1 ? its.values().iterator().next().progress().label() : split.id();
    SplitTask task = new SplitTask(context, split, its, planner.follows(split));
    tasks.put(split.id(), task);
    workers.execute(() -> execute(split, task, label));
  }

  private void execute(Split split, SplitTask task, String label) {
    Thread.currentThread().setName("read-" + split.id());
    MDC.put("stream", label);
    try (MDC.MDCCloseable _ = planner.inDatabaseOf(split.streams().getFirst())) {
      events.add(new Ended(split, task.run(), null));
    } catch (Throwable e) {
      events.add(new Ended(split, null, Failures.of(e)));
    } finally {
      MDC.remove("stream");
    }
  }

  private void splitEnded(Ended end) throws InterruptedException {
    boolean log = planner.follows(end.split());
    // First: a stream that is planned anew gives its splits the same names again.
    planner.splitEnded(end.split());
    List<StreamWork> failed = new ArrayList<>();
    for (StreamName name : end.split().streams()) {
      StreamWork work = workOf(name);
      work.splitEnded();
      if (end.failure() instanceof StaleSplitException && mayPlanAgain(work, log)) {
        work.abandon();
        if (log) {
          planner.scheduleAgain(work);
        }
      } else if (end.failure() != null && isCancelled(end)) {
        work.progress().stopped();
      } else if (end.failure() != null) {
        if (work.markFailed(end.failure())) {
          failed.add(work);
        }
        dropWaiting(work);
      } else if (end.outcome() != null && end.outcome().finished() && !work.isAbandoned()) {
        work.prepared().addAll(end.outcome().commits());
      } else if (context.stop().isRequested()) {
        work.progress().stopped();
      }
      if (work.isAbandoned() && !work.progress().hasEnded() && work.isIdle()) {
        if (!log) {
          planAnew(work);
        }
      } else if (work.hasNoSplitsLeft() && !work.progress().hasEnded()) {
        complete(work);
      }
    }
    if (end.failure() != null) {
      StreamWork.logFailures(failed, end.failure());
    }
  }

  // What has become stale is planned anew by the next run.
  private boolean isCancelled(Ended end) {
    return context.stop().isRequested()
        && (end.split().mode() == WriteMode.REPLACE
            || end.failure() instanceof StaleSplitException);
  }

  private boolean mayPlanAgain(StreamWork work, boolean log) {
    return !context.stop().isRequested()
        && !work.progress().hasEnded()
        // Which streams of a log are copied anew, and how often, is for the source to say; groups
        // are planned only so often in a row.
        && (log
            || plans
                .computeIfAbsent(work.stream().name(), _ -> new AttemptLimiter(MOST_PLANS))
                .mayRepeat());
  }

  private void planAnew(StreamWork work) throws InterruptedException {
    LOG.warn("stream {}: what was read so far is given up; planned anew", work.progress().label());
    dropWaiting(work);
    try {
      List<Split> splits = planner.planAnew(work);
      splits.forEach(waiting::addLast);
    } catch (IOException e) {
      fail(work, e);
    }
  }

  private void fail(StreamWork work, Throwable failure) {
    work.fail(failure);
    dropWaiting(work);
  }

  private void dropWaiting(StreamWork work) {
    waiting.removeIf(split -> {
      boolean drop =
          split.streams().stream().allMatch(name -> workOf(name).isAbandoned())
              && split.streams().contains(work.stream().name());
      if (drop) {
        planner.splitEnded(split);
      }
      return drop;
    });
    work.dropWaiting();
  }

  private void complete(StreamWork work) throws InterruptedException {
    if (!work.replaces()) {
      if (!planner.isPlannedAgain(work)) {
        work.progress().done();
      }
      return;
    }
    StreamName name = work.stream().name();
    try {
      CompletableFuture<Void> durable =
          context
              .checkpointer()
              .submit(
                  Map.of(name, work.prepared()),
                  List.of(
                      new Checkpoint.TableReplacement(
                          name, work.stream().destination(), work.version())),
                  List.of(
                      new StreamState(
                          name,
                          work.stream().method(),
                          work.stream().destination(),
                          work.version(),
                          work.position(),
                          Instant.now())));
      completing.put(
          name, durable.whenComplete((_, failure) -> events.add(new Completed(work, failure))));
      work.completing(true);
    } catch (IOException e) {
      fail(work, e);
    }
  }

  /// Completes the streams whose checkpoint has ended without an event, for which there was no
  /// memory.
  ///
  /// @return whether there was one
  private boolean completeWithoutEvent() {
    List<StreamName> untold =
        completing.entrySet().stream()
            .filter(each -> each.getValue().isDone())
            .map(Map.Entry::getKey)
            .toList();
    if (!events.isEmpty()) {
      return false; // it was told meanwhile
    }
    for (StreamName name : untold) {
      CompletableFuture<Void> durable = completing.remove(name);
      if (durable != null) {
        completed(workOf(name), durable.isCompletedExceptionally() ? durable.exceptionNow() : null);
      }
    }
    return !untold.isEmpty();
  }

  private void completed(StreamWork work, @Nullable Throwable failure) {
    work.completing(false);
    if (failure != null) {
      fail(
          work,
          failure instanceof CompletionException e && e.getCause() != null
              ? e.getCause()
              : failure);
      return;
    }
    work.progress().durable(work.position());
    if (planner.isPlannedAgain(work)) {
      LOG.info(
          "stream {}: copied, {} rows; its changes follow",
          work.progress().label(),
          work.progress().rows());
    } else {
      LOG.info("stream {}: done, {} rows", work.progress().label(), work.progress().rows());
      work.progress().done();
    }
  }

  private StreamWork workOf(StreamName name) {
    StreamWork work = streams.get(name);
    if (work == null) {
      throw new IllegalStateException("no stream " + name + " in this run");
    }
    return work;
  }
}
