package dev.tapline.benchmarks;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// COPY's binary rows into a batch; the time is that of a row.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(CopyDecoding.ROWS)
@SuppressWarnings("NullAway.Init") // JMH fills in
public class CopyDecodeBenchmark {
  /// What is decoded.
  @Param public SampleTable table;

  private CopyDecoding decoding;

  /// Fails when the decoders do not agree.
  @Setup
  public void prepare() throws IOException {
    decoding = new CopyDecoding(table);
  }

  /// The source's decoder.
  @Benchmark
  public Object own() throws IOException {
    return decoding.own();
  }

  /// pgjdbc's conversions.
  @Benchmark
  public Object library() {
    return decoding.library();
  }
}
