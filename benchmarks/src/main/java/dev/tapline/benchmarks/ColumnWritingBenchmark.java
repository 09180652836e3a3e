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
import org.openjdk.jmh.annotations.TearDown;

/// Batches to a row group of Parquet; the time is that of a row.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(ColumnWriting.ROWS)
@SuppressWarnings("NullAway.Init") // JMH fills in
public class ColumnWritingBenchmark {
  /// What is written.
  @Param public SampleTable table;

  private ColumnWriting writing;

  /// Fails when the file is not what was written.
  @Setup
  public void prepare() throws IOException, InterruptedException {
    writing = new ColumnWriting(table);
  }

  /// Removes the files.
  @TearDown
  public void end() throws IOException {
    writing.close();
  }

  /// The sink's writer.
  @Benchmark
  public long own() throws IOException, InterruptedException {
    return writing.own();
  }

  /// parquet-avro, out of generic records.
  @Benchmark
  public long library() throws IOException {
    return writing.library();
  }
}
