package dev.tapline.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;

/// Measures by the processor time and the allocations of this thread, so that what else the machine
/// does counts as little as can be.
final class CpuTime {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final long WARM_UP_NANOS = 1_500_000_000L;
  private static final long ROUND_NANOS = 60_000_000L;
  private static final int ROUNDS = 15;

  private CpuTime() {}

  interface Work {
    void run() throws Exception;
  }

  /// How many times as long the library takes as own code: the median of rounds in which both run,
  /// one right after the other.
  static double ratio(Work own, Work library) throws Exception {
    run(own, WARM_UP_NANOS);
    run(library, WARM_UP_NANOS);
    double[] ratios = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      double ownTime = run(own, ROUND_NANOS);
      ratios[i] = run(library, ROUND_NANOS) / ownTime;
    }
    Arrays.sort(ratios);
    return ratios[ROUNDS / 2];
  }

  /// How many bytes one run allocates once all is warm.
  static double allocation(Work work) throws Exception {
    run(work, WARM_UP_NANOS);
    int runs = 50;
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < runs; i++) {
      work.run();
    }
    return (double) (THREADS.getCurrentThreadAllocatedBytes() - before) / runs;
  }

  private static double run(Work work, long nanos) throws Exception {
    long start = THREADS.getCurrentThreadCpuTime();
    long now = start;
    int runs = 0;
    while (now - start < nanos) {
      work.run();
      runs++;
      now = THREADS.getCurrentThreadCpuTime();
    }
    return (double) (now - start) / runs;
  }
}
