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

/// A batch to lines of JSON; the time is that of a row.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(JsonEncoding.ROWS)
@SuppressWarnings("NullAway.Init") // JMH fills in
public class JsonRowsBenchmark {
  /// What is written.
  @Param public SampleTable table;

  private JsonEncoding encoding;

  /// Fails when the encoders do not agree.
  @Setup
  public void prepare() throws IOException {
    encoding = new JsonEncoding(table);
  }

  /// The sink's encoder.
  @Benchmark
  public long own() throws IOException {
    return encoding.own();
  }

  /// Jackson's generator.
  @Benchmark
  public long library() {
    return encoding.library();
  }
}
