package dev.tapline.runtime.engine;

import dev.tapline.runtime.plugin.Plugins;
import dev.tapline.spi.Finding;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.method.PlanRequest;
import dev.tapline.spi.method.ReplicationMethod;
import dev.tapline.spi.method.Resumption;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.source.Read;
import dev.tapline.spi.source.Source;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has the replication methods plan the streams, and closes each method when the last of its reads
/// has ended. One thread at a time.
final class Planner implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger("plan");

  private final Plugins plugins;
  private final Source source;
  private final int parallelism;
  private final Retries retries;
  private final Map<String, Running> methods = new LinkedHashMap<>();
  private final Map<String, Running> byRead = new LinkedHashMap<>();
  private int plannedAnew;

  private static final class Running {
    final ReplicationMethod method;
    int reads;

    Running(ReplicationMethod method) {
      this.method = method;
    }
  }

  Planner(Plugins plugins, Source source, int parallelism, Retries retries) {
    this.plugins = plugins;
    this.source = source;
    this.parallelism = parallelism;
    this.retries = retries;
  }

  /// Plans all streams. A stream that cannot be planned fails; the others go on.
  List<Read> plan(List<StreamWork> streams) throws InterruptedException {
    Map<String, List<StreamWork>> byMethod =
        streams.stream()
            .collect(
                Collectors.groupingBy(
                    work -> work.stream().method(), TreeMap::new, Collectors.toList()));
    List<Read> reads = new ArrayList<>();
    for (Map.Entry<String, List<StreamWork>> entry : byMethod.entrySet()) {
      reads.addAll(planTogether(entry.getKey(), entry.getValue()));
    }
    return reads;
  }

  /// Plans one stream again, after its reads turned out stale. It gets a method of its own: what
  /// the other streams' method holds, such as a snapshot, is what has become stale for this one.
  List<Read> planAnew(StreamWork work) throws IOException, InterruptedException {
    plannedAnew++;
    String name = work.stream().method();
    return plan(name, running(name, name + " again " + plannedAnew), List.of(work));
  }

  /// Tells that a read is over, whatever its end.
  void readEnded(Read read) {
    Running running = byRead.remove(read.id());
    if (running != null && --running.reads == 0) {
      methods.values().remove(running);
      close(running);
    }
  }

  @Override
  public void close() {
    methods.values().forEach(Planner::close);
    methods.clear();
  }

  private List<Read> planTogether(String method, List<StreamWork> streams)
      throws InterruptedException {
    try {
      return plan(method, running(method, method), streams);
    } catch (IOException e) {
      if (streams.size() == 1) {
        fail(streams.getFirst(), e);
        return List.of();
      }
      LOG.debug("planning {} streams together failed, so each is planned alone", streams.size(), e);
    }
    List<Read> reads = new ArrayList<>();
    for (StreamWork work : streams) {
      reads.addAll(planTogether(method, List.of(work)));
    }
    return reads;
  }

  private Running running(String name, String key) throws IOException {
    Running known = methods.get(key);
    if (known == null) {
      known = new Running(create(name));
      methods.put(key, known);
    }
    return known;
  }

  private List<Read> plan(String name, Running running, List<StreamWork> streams)
      throws IOException, InterruptedException {
    ReplicationMethod method = running.method;
    for (StreamWork work : streams) {
      for (Finding finding : method.check(source, work.stream())) {
        if (finding.severity() == Finding.Severity.ERROR) {
          throw new IOException(finding.message() + "; " + finding.remedy());
        }
      }
    }
    List<Resumption> resumptions =
        streams.stream().map(work -> new Resumption(work.stream(), work.resume())).toList();
    List<Read> reads =
        retries.call(
            "planning " + name,
            () -> method.plan(new PlanRequest(source, resumptions, parallelism)));
    running.reads += reads.size();
    for (Read read : reads) {
      byRead.put(read.id(), running);
    }
    count(streams, reads);
    return reads;
  }

  private static void count(List<StreamWork> streams, List<Read> reads) {
    Map<StreamName, Integer> counts = new LinkedHashMap<>();
    Map<StreamName, Boolean> replacing = new LinkedHashMap<>();
    for (Read read : reads) {
      for (StreamName name : read.streams()) {
        counts.merge(name, 1, Integer::sum);
        replacing.merge(name, read.mode() == WriteMode.REPLACE, Boolean::logicalOr);
      }
    }
    for (StreamWork work : streams) {
      StreamName name = work.stream().name();
      work.planned(counts.getOrDefault(name, 0), replacing.getOrDefault(name, false));
      if (!counts.containsKey(name)) {
        work.progress().done();
      }
    }
  }

  private ReplicationMethod create(String name) throws IOException {
    return plugins
        .method(name)
        .map(provider -> provider.create(Config.of(provider.config(), Map.of())))
        .orElseThrow(() -> new IOException("there is no replication method '" + name + "'"));
  }

  private static void fail(StreamWork work, IOException e) {
    work.abandon();
    LOG.error("stream {}: {}", work.stream().name(), Failures.message(e), e);
    work.progress().failed(Failures.message(e));
  }

  private static void close(Running running) {
    try {
      running.method.close();
    } catch (IOException e) {
      LOG.warn("closing a method: {}", Failures.message(e), e);
    }
  }
}
