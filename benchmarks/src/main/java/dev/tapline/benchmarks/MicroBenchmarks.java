package dev.tapline.benchmarks;

import java.io.PrintStream;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/// Runs the JMH benchmarks, and prints how much faster own code is than the library's.
///
/// The one argument, which may be left out, is a regular expression that selects benchmarks.
public final class MicroBenchmarks {
  private static final String ALLOCATION = "gc.alloc.rate.norm";
  private static final String OWN = "own";
  private static final String LIBRARY = "library";

  private MicroBenchmarks() {}

  /// Runs them.
  public static void main(String[] arguments) throws RunnerException {
    OptionsBuilder options = new OptionsBuilder();
    options.include(arguments.length > 0 ? arguments[0] : "dev\\.tapline\\.benchmarks\\.");
    options.addProfiler(GCProfiler.class);
    options.forks(2);
    options.warmupIterations(4).warmupTime(TimeValue.seconds(1));
    options.measurementIterations(5).measurementTime(TimeValue.seconds(1));
    // The heap and the collector of the distribution.
    options.jvmArgs("-Xmx256m", "-XX:+UseParallelGC");
    // A benchmark that fails must not leave a table that looks complete.
    options.shouldFailOnError(true);
    printRatios(new Runner(options.build()).run(), System.out);
  }

  private static void printRatios(Collection<RunResult> results, PrintStream out) {
    Map<String, Map<String, RunResult>> pairs = new TreeMap<>();
    for (RunResult result : results) {
      String benchmark = result.getParams().getBenchmark();
      int method = benchmark.lastIndexOf('.');
      String name =
          benchmark.substring(benchmark.lastIndexOf('.', method - 1) + 1, method)
              + " "
              + result.getParams().getParam("table");
      pairs
          .computeIfAbsent(name, _ -> new TreeMap<>())
          .put(benchmark.substring(method + 1), result);
    }
    out.printf(
        "%n%-30s %12s %12s %8s %14s %14s%n",
        "", "own ns/row", "library", "ratio", "own bytes/row", "library");
    pairs.forEach((name, pair) -> printRatio(name, pair, out));
  }

  private static void printRatio(String name, Map<String, RunResult> pair, PrintStream out) {
    RunResult own = pair.get(OWN);
    RunResult library = pair.get(LIBRARY);
    if (own == null || library == null) {
      out.printf("%-30s (no ratio: the pattern selects only one of the two)%n", name);
      return;
    }
    double ownTime = own.getPrimaryResult().getScore();
    double libraryTime = library.getPrimaryResult().getScore();
    out.printf(
        "%-30s %12.1f %12.1f %7.2fx %14.1f %14.1f%n",
        name, ownTime, libraryTime, libraryTime / ownTime, allocation(own), allocation(library));
  }

  private static double allocation(RunResult result) {
    Result<?> secondary = result.getSecondaryResults().get(ALLOCATION);
    if (secondary == null) {
      throw new IllegalStateException("JMH's gc profiler gave no " + ALLOCATION);
    }
    return secondary.getScore();
  }
}
