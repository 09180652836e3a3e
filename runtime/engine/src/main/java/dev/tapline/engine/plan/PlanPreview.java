package dev.tapline.engine.plan;

import dev.tapline.engine.failure.Failures;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.method.PlanRequest;
import dev.tapline.spi.method.ReplicationMethod;
import dev.tapline.spi.sink.WriteMode;
import dev.tapline.spi.source.ChangeLog;
import dev.tapline.spi.source.Source;
import dev.tapline.spi.source.Split;
import dev.tapline.spi.source.StreamException;
import dev.tapline.spi.source.StreamPosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Has a method plan streams, to see what it would read. Those that cannot be planned do not keep
/// the others from it.
final class PlanPreview {
  private final ReplicationMethod method;
  private final Source source;
  private final int parallelism;
  private final Map<StreamName, Result> results = new HashMap<>();

  /// What came out for a stream.
  ///
  /// @param reads what would be read: `copy in 4 reads`, `1 read from the position`, `the log`
  /// @param problem why it would fail, or nothing
  record Result(String reads, String problem) {
    /// Nothing is known.
    static final Result NONE = new Result("-", "");

    static Result failed(String problem) {
      return new Result("-", problem);
    }
  }

  PlanPreview(ReplicationMethod method, Source source, int parallelism) {
    this.method = method;
    this.source = source;
    this.parallelism = parallelism;
  }

  Map<StreamName, Result> results(List<StreamPosition> streams) throws InterruptedException {
    List<StreamPosition> possible = new ArrayList<>();
    for (StreamPosition streamPosition : streams) {
      String problem =
          method.check(source, streamPosition.stream()).stream()
              .filter(finding -> finding.severity() == Finding.Severity.ERROR)
              .map(Failures::statement)
              .collect(Collectors.joining("; "));
      if (!problem.isEmpty()) {
        results.put(streamPosition.stream().name(), Result.failed(problem));
      } else if (method.followsLog()) {
        // To plan it would make a slot.
        String reads = streamPosition.position().isStart() ? "copy, then the log" : "the log";
        results.put(streamPosition.stream().name(), new Result(reads, ""));
      } else {
        possible.add(streamPosition);
      }
    }
    plan(possible);
    return results;
  }

  private void plan(List<StreamPosition> streams) throws InterruptedException {
    List<StreamPosition> left = new ArrayList<>(streams);
    while (!left.isEmpty()) {
      try {
        count(left);
        return;
      } catch (StreamException e) {
        e.all().forEach(each -> results.put(each.stream(), Result.failed(Failures.message(each))));
        if (!left.removeIf(streamPosition -> results.containsKey(streamPosition.stream().name()))) {
          fail(left, e);
          return;
        }
      } catch (IOException e) {
        if (left.size() == 1) {
          fail(left, e);
          return;
        }
        for (StreamPosition streamPosition : left) {
          plan(List.of(streamPosition));
        }
        return;
      }
    }
  }

  private void fail(List<StreamPosition> streams, IOException failure) {
    for (StreamPosition streamPosition : streams) {
      results.put(streamPosition.stream().name(), Result.failed(Failures.message(failure)));
    }
  }

  private void count(List<StreamPosition> streams) throws IOException, InterruptedException {
    List<Split> reads =
        method
            .plan(
                new PlanRequest(
                    source, streams, List.of(), ChangeLog.Extent.UNTIL_NOW, parallelism))
            .splits();
    Map<StreamName, List<Split>> byStream = new HashMap<>();
    for (Split split : reads) {
      split
          .streams()
          .forEach(name -> byStream.computeIfAbsent(name, _ -> new ArrayList<>()).add(split));
    }
    for (StreamPosition streamPosition : streams) {
      StreamName name = streamPosition.stream().name();
      results.put(name, new Result(said(byStream.getOrDefault(name, List.of())), ""));
    }
  }

  private static String said(List<Split> reads) {
    boolean copies = reads.stream().anyMatch(split -> split.mode() == WriteMode.REPLACE);
    String count = reads.size() == 1 ? "1 read" : reads.size() + " reads";
    return copies ? "copy in " + count : count + " from the position";
  }
}
