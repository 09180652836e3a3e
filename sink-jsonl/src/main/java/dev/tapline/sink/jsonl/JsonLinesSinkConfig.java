package dev.tapline.sink.jsonl;

import dev.tapline.sink.jsonl.JsonLinesSinkOptions.Format;
import dev.tapline.sink.jsonl.JsonLinesSinkOptions.Layout;
import dev.tapline.sink.jsonl.encoding.Metadata;
import dev.tapline.sink.jsonl.encoding.MetadataField;
import dev.tapline.sink.jsonl.encoding.RowFormat;
import dev.tapline.sink.jsonl.files.Compression;
import dev.tapline.sink.jsonl.files.FileSinkConfig;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigKey;
import dev.tapline.spi.config.ConfigProblem;
import dev.tapline.spi.config.Nearest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The sink's section of a descriptor, checked and turned into the sink's parts.
final class JsonLinesSinkConfig {
  private final Config config;

  JsonLinesSinkConfig(Config config) {
    this.config = config;
  }

  boolean singer() {
    return config.get(JsonLinesSinkOptions.FORMAT) == Format.SINGER;
  }

  boolean stdout() {
    return singer() || config.get(JsonLinesSinkOptions.LAYOUT) == Layout.STDOUT;
  }

  RowFormat rows() {
    return new RowFormat(metadata(), config.get(JsonLinesSinkOptions.JSON), !singer());
  }

  Optional<Path> targetState() {
    return config.find(JsonLinesSinkOptions.TARGET_STATE);
  }

  FileSinkConfig files() {
    Compression compression = config.get(JsonLinesSinkOptions.COMPRESSION);
    boolean oneFile = config.get(JsonLinesSinkOptions.LAYOUT) == Layout.FILE;
    return new FileSinkConfig(
        config.get(JsonLinesSinkOptions.PATH),
        oneFile,
        compression,
        config
            .find(JsonLinesSinkOptions.COMPRESSION_LEVEL)
            .map(Math::toIntExact)
            .orElse(compression.defaultLevel()),
        oneFile ? Long.MAX_VALUE : config.get(JsonLinesSinkOptions.FILE_SIZE),
        rows());
  }

  List<ConfigProblem> problems() {
    List<ConfigProblem> problems = new ArrayList<>();
    if (!singer() && config.has(JsonLinesSinkOptions.TARGET_STATE)) {
      problems.add(
          new ConfigProblem(
              JsonLinesSinkOptions.TARGET_STATE,
              "'target-state' means nothing without format: singer; remove it"));
    }
    if (stdout()) {
      addStdoutProblems(problems);
    } else {
      addFileProblems(problems);
    }
    addMetadataProblems(problems);
    return problems;
  }

  private void addStdoutProblems(List<ConfigProblem> problems) {
    String where = singer() ? "format: singer" : "layout: stdout";
    if (singer()
        && config.has(JsonLinesSinkOptions.LAYOUT)
        && config.get(JsonLinesSinkOptions.LAYOUT) != Layout.STDOUT) {
      problems.add(
          new ConfigProblem(
              JsonLinesSinkOptions.LAYOUT,
              "format: singer writes to standard output; remove 'layout'"));
    }
    for (ConfigKey<?> key :
        List.of(
            JsonLinesSinkOptions.PATH,
            JsonLinesSinkOptions.COMPRESSION,
            JsonLinesSinkOptions.COMPRESSION_LEVEL,
            JsonLinesSinkOptions.FILE_SIZE)) {
      if (config.has(key)) {
        problems.add(
            new ConfigProblem(
                key, "'%s' means nothing with %s; remove it".formatted(key.name(), where)));
      }
    }
  }

  private void addFileProblems(List<ConfigProblem> problems) {
    if (!config.has(JsonLinesSinkOptions.PATH)) {
      problems.add(
          new ConfigProblem(
              List.of(),
              "the key 'path' is missing: the folder to write to, which only 'layout: stdout' does without"));
    } else if (config
        .get(JsonLinesSinkOptions.PATH)
        .toString()
        .matches("(?s).*\\b(s3[an]?|gs|abfss?|hdfs|https?):/.*")) {
      problems.add(
          new ConfigProblem(
              JsonLinesSinkOptions.PATH,
              "'path' is a folder of this machine; the sink parquet writes to s3://, and a store can be mounted"));
    }
    if (config.get(JsonLinesSinkOptions.LAYOUT) == Layout.FILE
        && config.has(JsonLinesSinkOptions.FILE_SIZE)) {
      problems.add(
          new ConfigProblem(
              JsonLinesSinkOptions.FILE_SIZE,
              "'file-size' means nothing with layout: file; remove it"));
    }
    Compression compression = config.get(JsonLinesSinkOptions.COMPRESSION);
    long level = config.find(JsonLinesSinkOptions.COMPRESSION_LEVEL).orElse(0L);
    if (level > compression.highestLevel()) {
      problems.add(
          new ConfigProblem(
              JsonLinesSinkOptions.COMPRESSION_LEVEL,
              compression == Compression.NONE
                  ? "'compression-level' means nothing without 'compression'"
                  : "%d must be from 1 to %d with compression: gzip"
                      .formatted(level, compression.highestLevel())));
    }
  }

  private void addMetadataProblems(List<ConfigProblem> problems) {
    List<String> known = MetadataField.standardNames();
    config
        .get(JsonLinesSinkOptions.METADATA_FIELDS)
        .keySet()
        .forEach(name -> {
          if (!known.contains(name)) {
            problems.add(
                metadataProblem(
                    name,
                    "no metadata field '%s'; there are %s".formatted(name, String.join(", ", known))
                        + Nearest.hint(name, known)));
          }
        });
    Map<String, MetadataField> byName = new HashMap<>();
    metadata()
        .names()
        .forEach((field, name) -> {
          MetadataField other = byName.put(name, field);
          if (other != null) {
            problems.add(
                metadataProblem(
                    field.standardName(),
                    "the metadata fields '%s' and '%s' are both named '%s'"
                        .formatted(other.standardName(), field.standardName(), name)));
          }
        });
  }

  private static ConfigProblem metadataProblem(String name, String message) {
    return new ConfigProblem(List.of(JsonLinesSinkOptions.METADATA_FIELDS.name(), name), message);
  }

  private Metadata metadata() {
    Map<MetadataField, String> names = new EnumMap<>(MetadataField.class);
    names.putAll(Metadata.of(preset()).names());
    Map<String, String> renamed = config.get(JsonLinesSinkOptions.METADATA_FIELDS);
    for (MetadataField field : MetadataField.values()) {
      String name = renamed.get(field.standardName());
      if (name != null && name.isEmpty()) {
        names.remove(field);
      } else if (name != null) {
        names.put(field, name);
      }
    }
    return new Metadata(names);
  }

  private List<MetadataField> preset() {
    if (singer() && !config.has(JsonLinesSinkOptions.METADATA)) {
      return List.of(MetadataField.SDC_DELETED_AT, MetadataField.JSON_NULL);
    }
    return switch (config.get(JsonLinesSinkOptions.METADATA)) {
      case TAPLINE -> stdout() && !singer() ? MetadataField.TAPLINE_MIXED : MetadataField.TAPLINE;
      case STITCH -> MetadataField.STITCH;
      case NONE -> List.of();
    };
  }
}
