package dev.tapline.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.SampleValues;
import dev.tapline.source.postgres.testing.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every value that breaks other tools goes through the whole product to Parquet and Avro; what
/// other readers find is cast back by the server, and must be what the server has.
class ParquetRoundTripIT {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"parquet, text", "parquet, null", "avro, text", "avro, null"})
  void everyValueComesBack(String format, String special) throws Exception {
    try (TestServer server = TestServer.start()) {
      List<SampleValues.Sample> samples = SampleValues.fill(server, "postgres");
      Files.writeString(
          folder.resolve("pipeline.yaml"),
          """
          source: {type: postgres, url: "%s"}
          method: FULL_TABLE
          streams: [{table: "public.sample_*"}]
          sink: {type: parquet, format: %s, path: out, special-values: "%s", arrays: %s}
          """
              .formatted(server.url(), format, special, special.equals("text") ? "text" : "list"));

      Distribution.Result result = Distribution.run(folder, "run", "pipeline.yaml");

      assertThat(result.code()).as("%s", result).isZero();
      if (format.equals("avro")) {
        compare(server, samples, new AvroReadBack(), special, result);
      } else {
        compare(server, samples, new DuckDbReadBack(), special, result);
        compare(server, samples, new ArrowReadBack(), special, result);
      }
    }
  }

  private void compare(
      TestServer server,
      List<SampleValues.Sample> samples,
      ReadBack opened,
      String special,
      Distribution.Result result)
      throws Exception {
    List<String> wrong = new ArrayList<>();
    int compared = 0;
    int nulls = 0;
    try (CastBack source = new CastBack(server);
        ReadBack reader = opened) {
      for (int i = 0; i < samples.size(); i++) {
        String type = samples.get(i).type();
        for (ReadBack.Row read : reader.rows(folder.resolve("out/public__sample_" + i))) {
          String expected = source.original(i, read.id());
          String found = read.literal() == null ? null : source.of(read.literal(), type);
          compared++;
          if (expected == null ? found == null : expected.equals(found)) {
            continue;
          }
          if (special.equals("null") && mayBeNull(expected) && !isWhole(found)) {
            nulls++;
            assertThat(result.err()).contains("sample_" + i + ": column 'v':");
          } else {
            wrong.add("%s: expected %s but was %s".formatted(type, expected, found));
          }
        }
      }
    }
    String reader = opened.getClass().getSimpleName();
    assertThat(wrong).as(reader).isEmpty();
    assertThat(compared)
        .as(reader)
        .isEqualTo(samples.stream().mapToInt(sample -> sample.values().size() + 1).sum());
    assertThat(nulls > 0).as(reader).isEqualTo(special.equals("null"));
  }

  private static boolean isWhole(String found) {
    return found != null && !found.contains("NULL");
  }

  // What the formats have no value for: infinity, NaN in a decimal, 24:00, the last years, arrays
  // that do not count from 1 or have more dimensions, and these within arrays.
  private static boolean mayBeNull(String expected) {
    return expected.matches(
        "(?s).*(infinity|Infinity|NaN).*|24:00.*|294276.*|\\[-?\\d+:.*|\\{\\{.*");
  }
}
