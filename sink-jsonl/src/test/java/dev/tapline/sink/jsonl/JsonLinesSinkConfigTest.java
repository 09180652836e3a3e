package dev.tapline.sink.jsonl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigKey;
import dev.tapline.spi.config.ConfigProblem;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JsonLinesSinkConfigTest {
  private final JsonLinesSinkProvider provider = new JsonLinesSinkProvider();

  @Test
  void explainsEveryKey() {
    assertThat(provider.config().keys()).extracting(ConfigKey::doc).doesNotContain("");
  }

  @Test
  void wantsAPathForFiles() {
    assertThat(problems(Map.of()))
        .containsExactly(
            "the key 'path' is missing: the folder to write to, which only 'layout: stdout' does without");
    assertThat(problems(Map.of("layout", "stdout"))).isEmpty();
    assertThat(problems(Map.of("format", "singer"))).isEmpty();
  }

  @Test
  void saysThatItWritesToFolders() {
    assertThat(problems(Map.of("path", "s3://bucket/folder")))
        .containsExactly(
            "'path' is a folder of this machine; the sink parquet writes to s3://, and a store can be mounted");
  }

  @Test
  void refusesKeysThatMeanNothing() {
    assertThat(
            problems(
                Map.of(
                    "layout", "stdout", "path", "out", "compression", "gzip", "file-size", "1GB")))
        .containsExactlyInAnyOrder(
            "'path' means nothing with layout: stdout; remove it",
            "'compression' means nothing with layout: stdout; remove it",
            "'file-size' means nothing with layout: stdout; remove it");
    assertThat(problems(Map.of("layout", "folder", "format", "singer")))
        .containsExactly("format: singer writes to standard output; remove 'layout'");
    assertThat(problems(Map.of("path", "out", "layout", "file", "file-size", "1GB")))
        .containsExactly("'file-size' means nothing with layout: file; remove it");
    assertThat(problems(Map.of("path", "out", "compression-level", 3L)))
        .containsExactly("'compression-level' means nothing without 'compression'");
    assertThat(problems(Map.of("path", "out", "compression", "gzip", "compression-level", 19L)))
        .containsExactly("19 must be from 1 to 9 with compression: gzip");
  }

  @Test
  void refusesMetadataFieldsThatThereAreNot() {
    Config config = config(Map.of("path", "out", "metadata-fields", Map.of("_opp", "x")));
    assertThat(provider.validate(config))
        .singleElement()
        .satisfies(problem -> {
          assertThat(problem.path()).containsExactly("metadata-fields", "_opp");
          assertThat(problem.message()).contains("did you mean '_op'?");
        });
  }

  @Test
  void refusesTwoMetadataFieldsOfOneName() {
    assertThat(problems(Map.of("path", "out", "metadata-fields", Map.of("_op", "_lsn"))))
        .containsExactly("the metadata fields '_op' and '_lsn' are both named '_lsn'");
  }

  @Test
  void renamesDropsAndAddsMetadataFields() {
    Config config =
        config(
            Map.of(
                "path", "out",
                "metadata", "stitch",
                "metadata-fields", Map.of("_sdc_batched_at", "", "_op", "operation")));
    assertThat(new JsonLinesSinkConfig(config).rows().metadata().names().values())
        .containsExactlyInAnyOrder(
            "operation",
            "_json_null",
            "_sdc_extracted_at",
            "_sdc_received_at",
            "_sdc_sequence",
            "_sdc_table_version",
            "_sdc_deleted_at");
  }

  @Test
  void namesTheStreamWhereRowsOfAllAreMixed() {
    assertThat(metadata(Map.of("layout", "stdout"))).contains("_stream", "_op");
    assertThat(metadata(Map.of("layout", "stdout", "metadata-fields", Map.of("_stream", ""))))
        .doesNotContain("_stream");
    assertThat(metadata(Map.of("layout", "stdout", "metadata", "none"))).isEmpty();
    assertThat(metadata(Map.of("path", "out"))).doesNotContain("_stream");
    assertThat(metadata(Map.of("path", "out", "metadata-fields", Map.of("_stream", "table"))))
        .contains("table");
    assertThat(metadata(Map.of("format", "singer", "metadata", "tapline")))
        .doesNotContain("_stream");
  }

  private Collection<String> metadata(Map<String, ?> values) {
    return new JsonLinesSinkConfig(config(values)).rows().metadata().names().values();
  }

  private List<String> problems(Map<String, ?> values) {
    return provider.validate(config(values)).stream().map(ConfigProblem::message).toList();
  }

  private Config config(Map<String, ?> values) {
    return Config.of(provider.config(), values);
  }
}
