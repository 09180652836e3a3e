package dev.tapline.cli.terminal;

import dev.tapline.cli.logging.Logging;
import dev.tapline.cli.text.HumanReadable;
import dev.tapline.engine.StreamProgress;
import dev.tapline.engine.run.PipelineRun;
import dev.tapline.engine.state.PositionText;
import dev.tapline.spi.thread.Threads;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Shows how far a run has come: on a terminal some lines that are drawn again and again, elsewhere
/// a line in the log now and then.
public abstract sealed class ProgressDisplay implements PipelineRun.Listener, AutoCloseable {
  private final Duration interval;
  private final CountDownLatch closed = new CountDownLatch(1);
  private @Nullable Thread thread;

  private ProgressDisplay(Duration interval) {
    this.interval = interval;
  }

  /// The display for standard error.
  ///
  /// @param columns the terminal's width, or 0 when standard error is not a terminal
  /// @param pipeline the pipeline's name
  public static ProgressDisplay create(int columns, String pipeline) {
    return columns > 0 ? new Live(columns, pipeline) : new Lines();
  }

  @Override
  public final void begun(List<StreamProgress> streams) {
    start(streams);
    Thread started = Threads.daemon("progress", () -> work(new Progress(streams), streams));
    thread = started;
    started.start();
  }

  private void work(Progress progress, List<StreamProgress> streams) throws InterruptedException {
    while (!closed.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
      show(progress.take(), streams);
    }
  }

  /// Ends the display and leaves nothing of it on the terminal.
  @Override
  public final void close() {
    closed.countDown();
    Thread running = thread;
    if (running != null) {
      try {
        running.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    end();
  }

  abstract void start(List<StreamProgress> streams);

  abstract void show(Progress.Snapshot snapshot, List<StreamProgress> streams);

  abstract void end();

  private static final class Lines extends ProgressDisplay {
    private static final Logger LOG = LoggerFactory.getLogger("progress");
    private static final Duration QUIET = Duration.ofMinutes(5);

    private Progress.@Nullable Snapshot last;

    Lines() {
      super(Duration.ofSeconds(10));
    }

    @Override
    void start(List<StreamProgress> streams) {
      LOG.info("{} to replicate", streams.size() == 1 ? "1 stream" : streams.size() + " streams");
    }

    @Override
    void show(Progress.Snapshot snapshot, List<StreamProgress> streams) {
      Progress.Snapshot before = last;
      // A log that is followed for weeks is quiet for most of them.
      if (before == null
          || snapshot.following() == 0
          || snapshot.isNewsAfter(before)
          || snapshot.elapsed().minus(before.elapsed()).compareTo(QUIET) >= 0) {
        LOG.info("{}", snapshot.line());
        last = snapshot;
      }
    }

    @Override
    void end() {}
  }

  private static final class Live extends ProgressDisplay {
    private static final int MOST_LINES = 8;
    private static final int BAR = 20;

    private final int columns;
    private final String pipeline;
    private final PrintStream terminal = System.err;
    private final LiveArea area = new LiveArea(terminal);
    private @Nullable PrintStream log;

    Live(int columns, String pipeline) {
      super(Duration.ofMillis(200));
      this.columns = columns;
      this.pipeline = pipeline;
    }

    @Override
    void start(List<StreamProgress> streams) {
      PrintStream above = area.asPrintStream();
      System.setErr(above);
      log = Logging.redirect(above);
    }

    @Override
    void show(Progress.Snapshot snapshot, List<StreamProgress> streams) {
      StringBuilder lines = new StringBuilder();
      lines.append(cut(pipeline + "  " + snapshot.line())).append('\n');
      streams.stream()
          .filter(Live::isAtWork)
          .limit(MOST_LINES)
          .forEach(stream -> lines.append(cut(line(stream))).append('\n'));
      area.draw(lines.toString());
    }

    private static boolean isAtWork(StreamProgress stream) {
      return stream.status() == StreamProgress.Status.READING
          || stream.status() == StreamProgress.Status.FOLLOWING;
    }

    private String line(StreamProgress stream) {
      if (stream.status() == StreamProgress.Status.FOLLOWING) {
        return "  %-30s %s rows  %s"
            .formatted(
                stream.label(),
                HumanReadable.count(stream.rows()),
                PositionText.of(stream.position()));
      }
      long estimate = stream.stream().estimatedRows();
      long rows = stream.rows();
      String name = stream.label();
      if (estimate <= 0) {
        return "  %-30s %s rows".formatted(name, HumanReadable.count(rows));
      }
      int percent = (int) Math.min(99, rows * 100 / estimate);
      int full = percent * BAR / 100;
      return "  %-30s [%s%s] %2d%%  %s of ~%s rows"
          .formatted(
              name,
              "#".repeat(full),
              ".".repeat(BAR - full),
              percent,
              HumanReadable.count(rows),
              HumanReadable.count(estimate));
    }

    private String cut(String line) {
      return line.length() < columns ? line : line.substring(0, columns - 1);
    }

    @Override
    void end() {
      area.draw("");
      PrintStream before = log;
      if (before != null) {
        System.setErr(terminal);
        Logging.redirect(before);
      }
    }
  }
}
