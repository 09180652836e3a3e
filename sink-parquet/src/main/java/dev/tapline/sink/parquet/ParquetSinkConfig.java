package dev.tapline.sink.parquet;

import dev.tapline.files.FileForm;
import dev.tapline.files.s3.S3Config;
import dev.tapline.sink.parquet.FolderLayout.Partitioning;
import dev.tapline.sink.parquet.ParquetSinkOptions.Compression;
import dev.tapline.sink.parquet.ParquetSinkOptions.Format;
import dev.tapline.sink.parquet.ParquetSinkOptions.PageVersion;
import dev.tapline.sink.parquet.avro.AvroCompression;
import dev.tapline.sink.parquet.avro.AvroFormat;
import dev.tapline.sink.parquet.compression.ParquetCompression;
import dev.tapline.sink.parquet.format.FileFormat;
import dev.tapline.sink.parquet.schema.TypePolicy;
import dev.tapline.sink.parquet.writer.ParquetWriterConfig;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigKey;
import dev.tapline.spi.config.ConfigProblem;
import dev.tapline.spi.config.Location;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkContext;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The sink's section of a descriptor, checked and turned into the sink's parts.
final class ParquetSinkConfig {
  private static final int MAX_DIMENSIONS = 6;
  private static final int DEFLATE_LEVEL = 6;
  private static final int MAX_DEFLATE_LEVEL = 9;

  private final Config config;

  ParquetSinkConfig(Config config) {
    this.config = config;
  }

  Sink sink(SinkContext context) {
    OutputConfig files =
        new OutputConfig(
            config.get(ParquetSinkOptions.PATH),
            s3(),
            config.get(ParquetSinkOptions.FILE_SIZE),
            types(),
            layout());
    FileForm form = isAvro() ? ParquetSink.AVRO : ParquetSink.PARQUET;
    return new ParquetSink(files, form, format(), context);
  }

  List<ConfigProblem> problems() {
    List<ConfigProblem> problems = new ArrayList<>();
    addLocationProblems(problems);
    addCompressionProblems(problems);
    addPartitionProblems(problems);
    addDimensionProblems(problems);
    if (isAvro()) {
      for (ConfigKey<?> key :
          List.of(
              ParquetSinkOptions.ROW_GROUP_SIZE,
              ParquetSinkOptions.PAGE_SIZE,
              ParquetSinkOptions.PAGE_VERSION,
              ParquetSinkOptions.DICTIONARY,
              ParquetSinkOptions.BLOOM_FILTERS,
              ParquetSinkOptions.SORTING_COLUMNS)) {
        if (config.has(key)) {
          problems.add(
              new ConfigProblem(
                  key, "'%s' means nothing with format: avro; remove it".formatted(key.name())));
        }
      }
    }
    return problems;
  }

  private boolean isAvro() {
    return config.get(ParquetSinkOptions.FORMAT) == Format.AVRO;
  }

  private FileFormat format() {
    Compression compression = config.get(ParquetSinkOptions.COMPRESSION);
    int level =
        Math.toIntExact(config.find(ParquetSinkOptions.COMPRESSION_LEVEL).orElse(defaultLevel()));
    if (isAvro()) {
      return new AvroFormat(AvroCompression.valueOf(compression.name()), level);
    }
    return new ParquetFormat(
        new ParquetWriterConfig(
            ParquetCompression.valueOf(compression.name()),
            level,
            config.get(ParquetSinkOptions.ROW_GROUP_SIZE),
            Math.toIntExact(config.get(ParquetSinkOptions.PAGE_SIZE)),
            config.get(ParquetSinkOptions.DICTIONARY),
            config.get(ParquetSinkOptions.PAGE_VERSION) == PageVersion.V2,
            config.get(ParquetSinkOptions.BLOOM_FILTERS),
            config.get(ParquetSinkOptions.SORTING_COLUMNS)),
        Runtime.getRuntime().availableProcessors());
  }

  private long defaultLevel() {
    return config.get(ParquetSinkOptions.COMPRESSION) == Compression.ZSTD ? 1 : DEFLATE_LEVEL;
  }

  private TypePolicy types() {
    Map<String, Integer> dimensions = new LinkedHashMap<>();
    config
        .get(ParquetSinkOptions.ARRAY_DIMENSIONS)
        .forEach((column, depth) -> dimensions.put(column, Integer.parseInt(depth)));
    return new TypePolicy(
        config.get(ParquetSinkOptions.SPECIAL_VALUES),
        config.get(ParquetSinkOptions.WIDE_DECIMALS),
        config.get(ParquetSinkOptions.ARRAYS),
        config.get(ParquetSinkOptions.TEXT_COLUMNS),
        dimensions);
  }

  private FolderLayout layout() {
    return new FolderLayout(
        config.get(ParquetSinkOptions.PARTITION_BY),
        config.find(ParquetSinkOptions.PARTITION_COLUMN).orElse(""),
        config.get(ParquetSinkOptions.SUCCESS_MARKER),
        config.get(ParquetSinkOptions.COMPACT));
  }

  private Optional<S3Config> s3() {
    return config.get(ParquetSinkOptions.PATH) instanceof Location.Remote remote
            && remote.scheme().equals(S3Config.SCHEME)
        ? Optional.of(S3Config.of(remote, config.find(S3Config.SECTION)))
        : Optional.empty();
  }

  private void addLocationProblems(List<ConfigProblem> problems) {
    Optional<S3Config> s3 = s3();
    if (s3.isPresent()) {
      problems.addAll(s3.get().problems(ParquetSinkOptions.PATH));
      if (config.get(ParquetSinkOptions.COMPACT)) {
        problems.add(
            new ConfigProblem(
                ParquetSinkOptions.COMPACT,
                "an image is exchanged with the one before by renames, which object stores lack; remove 'compact', or"
                    + " set 'path' to a folder"));
      }
      return;
    }
    if (config.has(S3Config.SECTION)) {
      problems.add(
          new ConfigProblem(
              S3Config.SECTION, "'s3' means nothing unless 'path' is s3://...; remove it"));
    }
    String path = config.get(ParquetSinkOptions.PATH).toString();
    if (config.get(ParquetSinkOptions.PATH) instanceof Location.Remote
        || path.matches("(?s).*\\b(s3[an]?|gs|abfss?|hdfs|https?):/.*")) {
      problems.add(
          new ConfigProblem(
              ParquetSinkOptions.PATH,
              "'path' is a folder or s3://bucket/folder; other stores that speak S3's language are s3:// with"
                  + " 's3: {endpoint: ...}'"));
    }
  }

  private void addCompressionProblems(List<ConfigProblem> problems) {
    Compression compression = config.get(ParquetSinkOptions.COMPRESSION);
    Compression foreign = isAvro() ? Compression.GZIP : Compression.DEFLATE;
    if (compression == foreign) {
      problems.add(
          new ConfigProblem(
              ParquetSinkOptions.COMPRESSION,
              isAvro()
                  ? "Avro has no gzip; use deflate, which is the same compression"
                  : "Parquet has no deflate; use gzip, which is the same compression"));
    }
    long level = config.find(ParquetSinkOptions.COMPRESSION_LEVEL).orElse(0L);
    boolean levels = compression != Compression.SNAPPY && compression != Compression.NONE;
    if (level > 0 && !levels) {
      problems.add(
          new ConfigProblem(
              ParquetSinkOptions.COMPRESSION_LEVEL,
              "'compression-level' means nothing with compression: %s; remove it"
                  .formatted(word(compression))));
    } else if (level > MAX_DEFLATE_LEVEL && compression != Compression.ZSTD) {
      problems.add(
          new ConfigProblem(
              ParquetSinkOptions.COMPRESSION_LEVEL,
              "%d must be from 1 to %d with compression: %s"
                  .formatted(level, MAX_DEFLATE_LEVEL, word(compression))));
    }
  }

  private void addPartitionProblems(List<ConfigProblem> problems) {
    boolean byColumn = config.get(ParquetSinkOptions.PARTITION_BY) == Partitioning.COLUMN;
    if (byColumn && config.find(ParquetSinkOptions.PARTITION_COLUMN).orElse("").isEmpty()) {
      problems.add(
          new ConfigProblem(
              ParquetSinkOptions.PARTITION_BY,
              "partition-by: column needs 'partition-column' to name it"));
    }
    if (!byColumn && config.has(ParquetSinkOptions.PARTITION_COLUMN)) {
      problems.add(
          new ConfigProblem(
              ParquetSinkOptions.PARTITION_COLUMN,
              "'partition-column' means nothing without partition-by: column"));
    }
  }

  private void addDimensionProblems(List<ConfigProblem> problems) {
    config
        .get(ParquetSinkOptions.ARRAY_DIMENSIONS)
        .forEach((column, depth) -> {
          if (!depth.matches("[1-" + MAX_DIMENSIONS + "]")) {
            problems.add(
                new ConfigProblem(
                    List.of(ParquetSinkOptions.ARRAY_DIMENSIONS.name(), column),
                    "'%s' must be a number of dimensions from 1 to %d"
                        .formatted(depth, MAX_DIMENSIONS)));
          }
        });
  }

  private static String word(Compression compression) {
    return compression.name().toLowerCase(Locale.ROOT);
  }
}
