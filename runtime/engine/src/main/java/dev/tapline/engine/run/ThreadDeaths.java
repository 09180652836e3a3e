package dev.tapline.engine.run;

import dev.tapline.engine.RefusedException;
import dev.tapline.engine.RunResult;
import dev.tapline.engine.failure.Failures;
import dev.tapline.spi.thread.Threads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The threads of a run that have died though nobody has answered for them. The first of them ends
/// the run. Safe for all threads.
final class ThreadDeaths implements Threads.Watcher {
  private static final Logger LOG = LoggerFactory.getLogger("run");

  private final Thread run;
  private @Nullable IOException first;
  private @Nullable Consumer<IOException> coordinator;

  /// @param run the thread that runs the pipeline
  ThreadDeaths(Thread run) {
    this.run = run;
  }

  /// What is done while deaths are watched for.
  interface Steps {
    RunResult run() throws RefusedException, IOException, InterruptedException;
  }

  @Override
  public synchronized void died(String thread, Throwable cause) {
    IOException reason = new IOException(Failures.death(thread, cause), cause);
    if (first == null) {
      first = reason;
      LOG.error("{}", reason.getMessage(), cause);
    }
    Consumer<IOException> told = coordinator;
    if (told == null) {
      run.interrupt();
    } else {
      told.accept(reason);
    }
  }

  /// From now on the death of a thread is delivered as an event. Called by the run's thread.
  synchronized void reportTo(Consumer<IOException> listener) {
    coordinator = listener;
    if (first != null) {
      // It comes as an event now.
      Thread.interrupted();
      listener.accept(first);
    }
  }

  /// From now on the run's thread is interrupted.
  synchronized void reportToRun() {
    coordinator = null;
  }

  /// Runs, and has the run fail when a thread has died meanwhile.
  RunResult ending(Steps steps) throws RefusedException, IOException, InterruptedException {
    try {
      RunResult result = steps.run();
      IOException reason = first();
      return reason == null ? result : with(result, Failures.message(reason));
    } catch (RefusedException | IOException | InterruptedException | RuntimeException e) {
      IOException reason = first();
      if (reason == null) {
        throw e;
      }
      Thread.interrupted(); // that was meant for what is over now
      reason.addSuppressed(e);
      throw reason;
    }
  }

  private synchronized @Nullable IOException first() {
    return first;
  }

  private static RunResult with(RunResult result, String problem) {
    List<String> problems = new ArrayList<>(result.problems());
    problems.add(problem);
    return new RunResult(
        result.pipeline(),
        result.startedAt(),
        result.endedAt(),
        result.stopped(),
        result.standardOutputIsData(),
        problems,
        result.streams());
  }
}
