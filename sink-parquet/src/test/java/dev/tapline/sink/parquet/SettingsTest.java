package dev.tapline.sink.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigKey;
import dev.tapline.spi.config.ConfigProblem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SettingsTest {
  private final ParquetSinkProvider provider = new ParquetSinkProvider();

  @Test
  void explainsEveryKey() {
    assertThat(provider.config().keys()).extracting(ConfigKey::doc).doesNotContain("");
  }

  @Test
  void takesTheDefaults() {
    assertThat(problems(Map.of())).isEmpty();
  }

  @Test
  void saysThatObjectStoresAreNotWritten() {
    assertThat(problems(Map.of("path", "s3://bucket/folder")))
        .containsExactly(
            "object stores are not written yet; set 'path' to a folder, and copy it or mount the store");
  }

  @Test
  void refusesKeysThatMeanNothing() {
    assertThat(
            problems(Map.of("format", "avro", "page-size", "1MB", "bloom-filters", List.of("a"))))
        .containsExactly(
            "'page-size' means nothing with format: avro; remove it",
            "'bloom-filters' means nothing with format: avro; remove it");
    assertThat(problems(Map.of("compression", "snappy", "compression-level", 3L)))
        .containsExactly("'compression-level' means nothing with compression: snappy; remove it");
    assertThat(problems(Map.of("partition-column", "region")))
        .containsExactly("'partition-column' means nothing without partition-by: column");
  }

  @Test
  void refusesWhatAFormatLacks() {
    assertThat(problems(Map.of("format", "avro", "compression", "gzip")))
        .containsExactly("Avro has no gzip; use deflate, which is the same compression");
    assertThat(problems(Map.of("compression", "deflate")))
        .containsExactly("Parquet has no deflate; use gzip, which is the same compression");
    assertThat(problems(Map.of("compression", "gzip", "compression-level", 12L)))
        .containsExactly("12 must be from 1 to 9 with compression: gzip");
  }

  @Test
  void wantsThePartitionColumn() {
    assertThat(problems(Map.of("partition-by", "column")))
        .containsExactly("partition-by: column needs 'partition-column' to name it");
  }

  @Test
  void wantsNumbersOfDimensions() {
    assertThat(problems(Map.of("array-dimensions", Map.of("orders.grid", "two"))))
        .containsExactly("'two' must be a number of dimensions from 1 to 6");
  }

  private List<String> problems(Map<String, Object> keys) {
    Map<String, Object> all = new HashMap<>(keys);
    all.putIfAbsent("path", "out");
    return provider.validate(Config.of(provider.config(), all)).stream()
        .map(ConfigProblem::message)
        .toList();
  }
}
