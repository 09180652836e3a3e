package dev.tapline.sink.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigKey;
import dev.tapline.spi.config.ConfigProblem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ParquetSinkConfigTest {
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
  void takesABucketOfS3() {
    assertThat(problems(Map.of("path", "s3://bucket/folder"))).isEmpty();
    assertThat(
            problems(
                Map.of(
                    "path",
                    "s3://bucket",
                    "s3",
                    Map.of("endpoint", "https://minio.example.com:9000", "profile", "lake"))))
        .isEmpty();
  }

  @Test
  void saysWhatIsWrongWithABucket() {
    assertThat(problems(Map.of("path", "s3:///folder")))
        .containsExactly("the address names no bucket; write s3://bucket/folder");
    assertThat(problems(Map.of("path", "s3://bucket//folder")))
        .containsExactly("'/folder' has an empty folder; remove a slash");
    assertThat(
            problems(
                Map.of(
                    "path", "s3://bucket", "s3", Map.of("endpoint", "minio", "access-key", "a"))))
        .containsExactly(
            "'access-key' and 'secret-key' belong together; give both or neither",
            "'minio' is no address such as https://minio.example.com:9000");
  }

  @Test
  void refusesAnImageInABucket() {
    assertThat(problems(Map.of("path", "s3://bucket", "compact", true)))
        .containsExactly(
            "an image is exchanged with the one before by renames, which object stores lack; remove 'compact', or set 'path' to a folder");
  }

  @Test
  void saysWhichStoresAreNotWritten() {
    for (String path : List.of("gs://bucket/folder", "s3a://bucket", "s3:/bucket")) {
      assertThat(problems(Map.of("path", path)))
          .containsExactly(
              "'path' is a folder or s3://bucket/folder; other stores that speak S3's language are s3:// with 's3: {endpoint: ...}'");
    }
    assertThat(problems(Map.of("s3", Map.of("region", "eu-central-1"))))
        .containsExactly("'s3' means nothing unless 'path' is s3://...; remove it");
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
