package dev.tapline.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Keeps the hot paths ahead of the libraries, and free of garbage. That both sides give the same
/// result is checked where they are made. `docs/benchmarks.md` says how the limits were chosen.
class HotPathsTest {
  @ParameterizedTest
  @CsvSource({"ACCOUNTS, 1.5", "MIXED, 1.6"})
  void decodesFasterThanTheDriver(SampleTable table, double times) throws Exception {
    CopyDecoding decoding = new CopyDecoding(table);
    double ratio = CpuTime.ratio(decoding::own, decoding::library);
    System.out.printf("decoding %s: %.2f times the driver's speed%n", table, ratio);
    assertThat(ratio).isGreaterThanOrEqualTo(times);
  }

  @ParameterizedTest
  @CsvSource({"ACCOUNTS, 1.2", "MIXED, 1.5"})
  void encodesFasterThanJackson(SampleTable table, double times) throws Exception {
    JsonEncoding encoding = new JsonEncoding(table);
    double ratio = CpuTime.ratio(encoding::own, encoding::library);
    System.out.printf("encoding %s: %.2f times Jackson's speed%n", table, ratio);
    assertThat(ratio).isGreaterThanOrEqualTo(times);
  }

  @ParameterizedTest
  @CsvSource({"ACCOUNTS, 3.0", "MIXED, 2.5"})
  void writesColumnsFasterThanParquetAvro(SampleTable table, double times) throws Exception {
    try (ColumnWriting writing = new ColumnWriting(table)) {
      double ratio = CpuTime.ratio(writing::own, writing::library);
      System.out.printf("writing %s: %.2f times parquet-avro's speed%n", table, ratio);
      assertThat(ratio).isGreaterThanOrEqualTo(times);
    }
  }

  @ParameterizedTest
  @CsvSource({"2, 1.5", "1, 1.5"})
  void decodesTheLogFasterThanJackson(int format, double times) throws Exception {
    try (LogDecoding decoding = new LogDecoding(format)) {
      double ratio = CpuTime.ratio(decoding::own, decoding::library);
      System.out.printf("decoding wal2json %d: %.2f times Jackson's speed%n", format, ratio);
      assertThat(ratio).isGreaterThanOrEqualTo(times);
    }
  }

  // Whatever a batch as a whole allocates is well below a byte a row; an object a row is above.
  @ParameterizedTest
  @CsvSource({"ACCOUNTS, 1", "MIXED, 1"})
  void decodesWithoutGarbage(SampleTable table, double bytesPerRow) throws Exception {
    CopyDecoding decoding = new CopyDecoding(table);
    assertThat(CpuTime.allocation(decoding::own) / CopyDecoding.ROWS).isLessThan(bytesPerRow);
  }

  // A double of many digits is the one value that is written by way of a String.
  @ParameterizedTest
  @CsvSource({"ACCOUNTS, 1", "MIXED, 100"})
  void encodesWithoutGarbageButForDoubles(SampleTable table, double bytesPerRow) throws Exception {
    JsonEncoding encoding = new JsonEncoding(table);
    assertThat(CpuTime.allocation(encoding::own) / JsonEncoding.ROWS).isLessThan(bytesPerRow);
  }
}
