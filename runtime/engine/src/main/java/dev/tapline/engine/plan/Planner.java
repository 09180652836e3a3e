package dev.tapline.engine.plan;

import dev.tapline.engine.PluginRegistry;
import dev.tapline.engine.StoppedException;
import dev.tapline.engine.checkpoint.VersionNumbers;
import dev.tapline.engine.failure.Failures;
import dev.tapline.engine.failure.RetryPolicy;
import dev.tapline.engine.select.StreamLabels;
import dev.tapline.spi.Position;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.method.Plan;
import dev.tapline.spi.method.PlanRequest;
import dev.tapline.spi.method.ReplicationMethod;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.source.ChangeLog;
import dev.tapline.spi.source.Source;
import dev.tapline.spi.source.Split;
import dev.tapline.spi.source.StreamException;
import dev.tapline.spi.source.StreamPosition;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// Has the replication methods plan the streams, and closes each method when the last of its splits
/// has ended. One thread at a time.
public final class Planner implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger("plan");

  private final PluginRegistry plugins;
  private final Options options;
  private final VersionNumbers versions;
  private final RetryPolicy retries;
  private final Map<StreamGroup.Key, StreamGroup> groups = new LinkedHashMap<>();
  private final Map<String, Running> bySplit = new LinkedHashMap<>();
  private final Map<String, Boolean> followers = new HashMap<>();

  private boolean logs;

  /// What every plan of a run has in common.
  ///
  /// @param source where the streams come from
  /// @param leftOut the streams that the pipeline selects and this run leaves out
  /// @param extent where splits of a log end
  /// @param parallelism how many splits can run at once
  /// @param labels what streams are called before people
  public record Options(
      Source source,
      List<StreamPosition> leftOut,
      ChangeLog.Extent extent,
      int parallelism,
      StreamLabels labels) {}

  /// A method and how many of its splits have not ended.
  private static final class Running {
    final StreamGroup group;
    final ReplicationMethod method;
    int splits;

    Running(StreamGroup group, ReplicationMethod method) {
      this.group = group;
      this.method = method;
    }
  }

  public Planner(
      PluginRegistry plugins, Options options, VersionNumbers versions, RetryPolicy retries) {
    this.plugins = plugins;
    this.options = options;
    this.versions = versions;
    this.retries = retries;
  }

  /// Plans all streams. A stream that cannot be planned fails; the others go on.
  public List<Split> plan(List<StreamWork> streams) throws InterruptedException {
    for (StreamWork work : streams) {
      groups
          .computeIfAbsent(StreamGroup.keyOf(work.stream()), _ -> new StreamGroup())
          .streams
          .add(work);
    }
    List<Split> splits = new ArrayList<>();
    for (StreamGroup group : groups.values()) {
      splits.addAll(planTogether(group, group.streams));
    }
    return splits;
  }

  /// Plans one stream again, after its splits turned out stale. It gets a method of its own: what
  /// the other streams' method holds, such as a snapshot, is what has become stale for this one.
  public List<Split> planAnew(StreamWork work) throws IOException, InterruptedException {
    StreamGroup group = group(work);
    Running running = new Running(group, create(group));
    try {
      return plan(running, List.of(work));
    } finally {
      if (running.splits == 0) {
        close(running);
      }
    }
  }

  /// Has a stream planned again once all that is planned for its group has ended.
  public void scheduleAgain(StreamWork work) {
    group(work).again.add(work.stream().name());
  }

  /// Whether a stream is planned again when its splits have ended.
  public boolean isPlannedAgain(StreamWork work) {
    return group(work).again.contains(work.stream().name());
  }

  /// Plans the second round of those groups whose first round has ended.
  public List<Split> planAgain() throws InterruptedException {
    List<Split> splits = new ArrayList<>();
    for (StreamGroup group : groups.values()) {
      while (group.isReadyAgain()) {
        List<StreamWork> streams = group.takeAgain();
        if (!group.mayGoOn()) {
          fail(
              streams,
              new IOException(
                  "it was planned " + StreamGroup.MOST_ROUNDS + " times without coming to an end"));
        } else {
          splits.addAll(planTogether(group, streams));
        }
      }
    }
    return splits;
  }

  /// Whether a method follows a log; not if there is no such method.
  public boolean followsLog(String name) {
    return followers.computeIfAbsent(
        name,
        _ ->
            plugins
                .method(name)
                .map(provider -> provider.create(Config.of(provider.config(), Map.of())))
                .map(method -> {
                  boolean follows = method.followsLog();
                  close(method);
                  return follows;
                })
                .orElse(false));
  }

  /// Whether some stream's method follows a log.
  public boolean hasLogs() {
    return logs;
  }

  /// Whether a split follows a log, and so waits for most of its time.
  public boolean follows(Split split) {
    Running running = bySplit.get(split.id());
    return running != null && running.method.followsLog() && split.mode() == WriteMode.APPEND;
  }

  /// Until it is closed, lines of the log that name a stream name its database too, if the run has
  /// several: sources and methods, which work in one at a time, leave it out.
  public MDC.MDCCloseable inDatabaseOf(StreamName name) {
    return MDC.putCloseable("database", options.labels().withDatabase() ? name.database() : "");
  }

  /// Tells that a split is over, whatever its end.
  public void splitEnded(Split split) {
    Running running = bySplit.remove(split.id());
    if (running != null && --running.splits == 0) {
      close(running);
    }
  }

  @Override
  public void close() {
    bySplit.values().stream().distinct().forEach(Planner::close);
    bySplit.clear();
  }

  private List<Split> planTogether(StreamGroup group, List<StreamWork> all)
      throws InterruptedException {
    List<StreamWork> streams = new ArrayList<>(all);
    Running running;
    try {
      running = new Running(group, create(group));
    } catch (IOException e) {
      fail(streams, e);
      return List.of();
    }
    logs |= running.method.followsLog();
    streams.removeIf(work -> isRefused(running.method, work));
    List<Split> splits = planTogether(running, streams);
    if (running.splits == 0) {
      close(running);
    }
    return splits;
  }

  private List<Split> planTogether(Running running, List<StreamWork> streams)
      throws InterruptedException {
    List<StreamWork> left = new ArrayList<>(streams);
    while (!left.isEmpty()) {
      try {
        return plan(running, left);
      } catch (StreamException e) {
        for (StreamException each : e.all()) {
          fail(
              left.stream().filter(work -> work.stream().name().equals(each.stream())).toList(),
              each);
        }
        if (!left.removeIf(StreamWork::isAbandoned)) {
          fail(left, e);
          return List.of();
        }
      } catch (StoppedException e) {
        LOG.info("{}", Failures.message(e));
        left.forEach(work -> {
          work.abandon();
          work.progress().stopped();
        });
        return List.of();
      } catch (IOException e) {
        if (left.size() == 1 || running.method.followsLog()) {
          fail(left, e);
          return List.of();
        }
        LOG.debug("planning {} streams together failed, so each is planned alone", left.size(), e);
        List<Split> splits = new ArrayList<>();
        for (StreamWork work : left) {
          splits.addAll(planTogether(running, List.of(work)));
        }
        return splits;
      }
    }
    return List.of();
  }

  private boolean isRefused(ReplicationMethod method, StreamWork work) {
    Optional<Finding> refusal = refusal(method, work.stream());
    refusal.ifPresent(
        finding -> work.fail(new IOException(finding.message() + "; " + finding.remedy())));
    return refusal.isPresent();
  }

  private Optional<Finding> refusal(ReplicationMethod method, Stream stream) {
    return method.check(options.source(), stream).stream()
        .filter(finding -> finding.severity() == Finding.Severity.ERROR)
        .findFirst();
  }

  private List<Split> plan(Running running, List<StreamWork> streams)
      throws IOException, InterruptedException {
    PlanRequest request =
        new PlanRequest(
            options.source(),
            streams.stream().map(StreamWork::streamPosition).toList(),
            absent(running, streams),
            options.extent(),
            options.parallelism());
    Plan plan;
    try (MDC.MDCCloseable _ = inDatabaseOf(streams.getFirst().stream().name())) {
      plan =
          retries.callUntilStop(
              "planning " + running.group.method(), () -> running.method.plan(request));
    }
    running.splits += plan.splits().size();
    for (Split split : plan.splits()) {
      bySplit.put(split.id(), running);
    }
    running.group.again.addAll(plan.again());
    count(streams, plan);
    return plan.splits();
  }

  /// The other streams of a group, but for those that the method could not replicate anyway.
  private List<StreamPosition> absent(Running running, List<StreamWork> streams) {
    Set<StreamWork> present = new HashSet<>(streams);
    List<StreamPosition> absent = new ArrayList<>();
    for (StreamWork work : running.group.streams) {
      if (!present.contains(work)) {
        absent.add(work.streamPosition());
      }
    }
    for (StreamPosition left : options.leftOut()) {
      if (StreamGroup.keyOf(left.stream()).equals(running.group.key())) {
        absent.add(left);
      }
    }
    absent.removeIf(left -> refusal(running.method, left.stream()).isPresent());
    return absent;
  }

  private void count(List<StreamWork> streams, Plan plan) {
    Map<StreamName, Integer> counts = new LinkedHashMap<>();
    Map<StreamName, Boolean> replacing = new LinkedHashMap<>();
    for (Split split : plan.splits()) {
      for (StreamName name : split.streams()) {
        counts.merge(name, 1, Integer::sum);
        replacing.merge(name, split.mode() == WriteMode.REPLACE, Boolean::logicalOr);
      }
    }
    for (StreamWork work : streams) {
      StreamName name = work.stream().name();
      boolean replaces = replacing.getOrDefault(name, false);
      work.planned(
          counts.getOrDefault(name, 0),
          replaces,
          replaces || work.version() == 0 ? versions.next() : work.version(),
          plan.positions().getOrDefault(name, Position.START));
      if (!counts.containsKey(name) && !plan.again().contains(name)) {
        work.progress().done();
      }
    }
  }

  private StreamGroup group(StreamWork work) {
    StreamGroup group = groups.get(StreamGroup.keyOf(work.stream()));
    if (group == null) {
      throw new IllegalStateException("stream " + work.stream().name() + " was never planned");
    }
    return group;
  }

  private ReplicationMethod create(StreamGroup group) throws IOException {
    return plugins
        .method(group.method())
        .map(provider -> provider.create(Config.of(provider.config(), Map.of())))
        .orElseThrow(
            () -> new IOException("there is no replication method '" + group.method() + "'"));
  }

  private static void fail(List<StreamWork> streams, IOException e) {
    StreamWork.fail(streams, e);
  }

  private static void close(Running running) {
    close(running.method);
  }

  private static void close(ReplicationMethod method) {
    try {
      method.close();
    } catch (IOException e) {
      LOG.warn("closing a method: {}", Failures.message(e), e);
    }
  }
}
