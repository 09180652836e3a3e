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

/// wal2json's messages into a batch; the time is that of a row.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@OperationsPerInvocation(LogDecoding.ROWS)
@SuppressWarnings("NullAway.Init") // JMH fills in
public class LogDecodeBenchmark {
  /// The format of the messages.
  @Param({"1", "2"})
  public int format;

  private LogDecoding decoding;

  /// Fails when the decoders do not agree.
  @Setup
  public void prepare() throws IOException {
    decoding = new LogDecoding(format);
  }

  /// Ends the server.
  @TearDown
  public void finish() throws IOException {
    decoding.close();
  }

  /// The source's decoder.
  @Benchmark
  public Object own() throws IOException {
    return decoding.own();
  }

  /// Jackson's streaming parser.
  @Benchmark
  public Object library() throws IOException {
    return decoding.library();
  }
}
