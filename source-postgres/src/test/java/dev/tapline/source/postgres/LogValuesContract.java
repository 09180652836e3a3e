package dev.tapline.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.testing.SampleValues;
import dev.tapline.spi.batch.Batch;
import dev.tapline.spi.batch.Change;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.ChangeLog.Extent;
import dev.tapline.spi.source.Snapshot;
import dev.tapline.spi.source.Split;
import dev.tapline.spi.source.StreamPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Inserts a value of each type and compares what the log brings with what a scan brings.
final class LogValuesContract {
  private static final int VERSION_WITH_BINARY = 140_000;

  private final LogDatabase server;
  private final int version;
  private final List<SampleValues.Sample> samples;

  LogValuesContract(LogDatabase server) {
    this.server = server;
    this.version = Integer.parseInt(server.value("SHOW server_version_num"));
    this.samples = SampleValues.of(version);
    server.execute(SampleValues.tables(samples).toArray(String[]::new));
  }

  /// @param settings each of them reads the same changes, through a slot of its own
  void holds(List<Map<String, Object>> settings) throws Exception {
    List<Pipeline> pipelines = new ArrayList<>();
    List<List<StreamPosition>> copied = new ArrayList<>();
    try {
      for (Map<String, Object> each : settings) {
        Pipeline pipeline = new Pipeline(each);
        pipelines.add(pipeline);
        copied.add(prepare(pipeline));
      }
      server.execute(SampleValues.rows(samples).toArray(String[]::new));
      Map<StreamName, List<String>> expected = scan(pipelines.getFirst());
      assertThat(expected).hasSameSizeAs(samples);
      for (int i = 0; i < settings.size(); i++) {
        Pipeline pipeline = pipelines.get(i);
        Split split = split(pipeline, copied.get(i));
        assertThat(isBinary(split)).as("there are types that have to come as text").isFalse();
        compare(settings.get(i), split, expected, follow(pipeline, split));
        if (settings.get(i).get("plugin").equals("pgoutput") && version >= VERSION_WITH_BINARY) {
          inBinary(settings.get(i), pipeline, copied.get(i), expected);
        }
      }
    } finally {
      for (Pipeline pipeline : pipelines) {
        pipeline.close();
      }
    }
  }

  private void inBinary(
      Map<String, Object> settings,
      Pipeline pipeline,
      List<StreamPosition> copied,
      Map<StreamName, List<String>> expected)
      throws Exception {
    List<StreamPosition> binary = new ArrayList<>();
    for (StreamPosition one : copied) {
      if (isBinary(split(pipeline, List.of(one)))) {
        binary.add(one);
      }
    }
    assertThat(binary)
        .extracting(one -> type(one.stream().name()))
        .contains("integer", "numeric", "double precision", "timestamptz", "date", "text", "bytea")
        .contains("uuid", "jsonb", "mood", "cheap", "ints", "text[]", "mood[]")
        .doesNotContain("interval", "inet", "hstore", "point", "pair");
    Split split = split(pipeline, binary);
    assertThat(isBinary(split)).isTrue();
    expected.keySet().retainAll(split.from().keySet());
    compare(settings, split, expected, follow(pipeline, split));
  }

  private void compare(
      Map<String, Object> settings,
      Split split,
      Map<StreamName, List<String>> expected,
      Map<StreamName, List<String>> found) {
    List<String> wrong = new ArrayList<>();
    expected.forEach((name, values) -> {
      List<String> came = found.getOrDefault(name, List.of());
      for (int row = 0; row < values.size(); row++) {
        String value = row < came.size() ? came.get(row) : "nothing";
        if (!values.get(row).equals(value) && !isLoss(settings, name, values.get(row), value)) {
          wrong.add(type(name) + ": " + shorten(values.get(row)) + " came as " + shorten(value));
        }
      }
    });
    assertThat(wrong).as("%s, in binary: %s", settings, isBinary(split)).isEmpty();
  }

  private static boolean isBinary(Split split) {
    return split.argument("binary").equals("true");
  }

  // wal2json has no word for what JSON's numbers cannot be; `check` says so.
  private boolean isLoss(
      Map<String, Object> settings, StreamName name, String expected, String found) {
    return "wal2json".equals(settings.get("plugin"))
        && type(name).matches("(numeric|real|double).*")
        && !type(name).endsWith("]")
        && expected.matches("\\d+ (NaN|-?Infinity)")
        && found.endsWith(" null");
  }

  private static String shorten(String text) {
    return text.length() > 80 ? text.substring(0, 80) + "..." : text;
  }

  private String type(StreamName name) {
    return sample(name).type();
  }

  private SampleValues.Sample sample(StreamName name) {
    return samples.get(Integer.parseInt(name.name().substring("sample_".length())));
  }

  private static List<Stream> streams(Pipeline pipeline) throws Exception {
    return pipeline.discover().relations().stream()
        .filter(relation -> relation.name().name().startsWith("sample_"))
        .map(Pipeline::stream)
        .toList();
  }

  private static List<StreamPosition> prepare(Pipeline pipeline) throws Exception {
    List<Stream> streams = streams(pipeline);
    pipeline.source.retain(
        streams.stream().map(it -> new StreamPosition(it, dev.tapline.spi.Position.START)).toList(),
        List.of());
    List<StreamPosition> copied = new ArrayList<>();
    try (Snapshot snapshot = pipeline.source.openSnapshot(streams)) {
      for (Stream stream : streams) {
        copied.add(new StreamPosition(stream, pipeline.source.positionUnder(snapshot, stream)));
      }
    }
    return copied;
  }

  private static Split split(Pipeline pipeline, List<StreamPosition> copied) throws Exception {
    return pipeline.source.follow(copied, List.of(), Extent.CONTINUOUS).getFirst();
  }

  private Map<StreamName, List<String>> scan(Pipeline pipeline) throws Exception {
    Map<StreamName, List<String>> values = new TreeMap<>();
    List<Stream> streams = streams(pipeline);
    try (Snapshot snapshot = pipeline.source.openSnapshot(streams)) {
      for (Stream stream : streams) {
        for (Split split : pipeline.source.split(stream, snapshot, 1)) {
          pipeline.read(split, batch -> collect(batch, values));
        }
      }
    }
    return values;
  }

  private Map<StreamName, List<String>> follow(Pipeline pipeline, Split split) throws Exception {
    Map<StreamName, List<String>> values = new TreeMap<>();
    int[] left = {
      split.from().keySet().stream().mapToInt(name -> sample(name).values().size() + 1).sum()
    };
    long deadline = System.nanoTime() + 20_000_000_000L;
    try (BatchReader reader = pipeline.source.open(split)) {
      while (left[0] > 0) {
        assertThat(System.nanoTime()).as("%d are missing", left[0]).isLessThan(deadline);
        reader
            .poll(java.time.Duration.ofMillis(500))
            .ifPresent(batch -> {
              left[0] -= batch.rows();
              for (int row = 0; row < batch.rows(); row++) {
                assertThat(batch.change(row)).isEqualTo(Change.INSERT);
              }
              collect(batch, values);
            });
      }
    }
    return values;
  }

  private static void collect(Batch batch, Map<StreamName, List<String>> values) {
    for (int row = 0; row < batch.rows(); row++) {
      values
          .computeIfAbsent(batch.stream(), name -> new ArrayList<>())
          .add(Literals.of(batch.column(0), row) + " " + Literals.of(batch.column(1), row));
    }
  }
}
