package dev.tapline.sink.parquet;

import dev.tapline.files.Form;
import dev.tapline.files.s3.S3Settings;
import dev.tapline.sink.parquet.Keys.Compression;
import dev.tapline.sink.parquet.Keys.Format;
import dev.tapline.sink.parquet.Keys.PageVersion;
import dev.tapline.sink.parquet.avro.AvroCompression;
import dev.tapline.sink.parquet.avro.AvroFormat;
import dev.tapline.sink.parquet.files.FileSettings;
import dev.tapline.sink.parquet.files.Layout;
import dev.tapline.sink.parquet.files.Layout.Partitioning;
import dev.tapline.sink.parquet.files.ParquetSink;
import dev.tapline.sink.parquet.format.FileFormat;
import dev.tapline.sink.parquet.parquet.Codec;
import dev.tapline.sink.parquet.parquet.ParquetFormat;
import dev.tapline.sink.parquet.parquet.ParquetSettings;
import dev.tapline.sink.parquet.plan.TypePolicy;
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

/// What a descriptor's section means, and what in it does not go together.
final class Settings {
  private static final int MOST_DIMENSIONS = 6;
  private static final int DEFLATE_LEVEL = 6;
  private static final int HIGHEST_DEFLATE_LEVEL = 9;

  private final Config config;

  Settings(Config config) {
    this.config = config;
  }

  Sink sink(SinkContext context) {
    FileSettings files =
        new FileSettings(
            config.get(Keys.PATH), s3(), config.get(Keys.FILE_SIZE), types(), layout());
    Form form = isAvro() ? ParquetSink.AVRO : ParquetSink.PARQUET;
    return new ParquetSink(files, form, format(), context);
  }

  List<ConfigProblem> problems() {
    List<ConfigProblem> problems = new ArrayList<>();
    addPlaceProblems(problems);
    addCompressionProblems(problems);
    addPartitionProblems(problems);
    addDimensionProblems(problems);
    if (isAvro()) {
      for (ConfigKey<?> key :
          List.of(
              Keys.ROW_GROUP_SIZE,
              Keys.PAGE_SIZE,
              Keys.PAGE_VERSION,
              Keys.DICTIONARY,
              Keys.BLOOM_FILTERS,
              Keys.SORTING_COLUMNS)) {
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
    return config.get(Keys.FORMAT) == Format.AVRO;
  }

  private FileFormat format() {
    Compression compression = config.get(Keys.COMPRESSION);
    int level = Math.toIntExact(config.find(Keys.COMPRESSION_LEVEL).orElse(defaultLevel()));
    if (isAvro()) {
      return new AvroFormat(AvroCompression.valueOf(compression.name()), level);
    }
    return new ParquetFormat(
        new ParquetSettings(
            Codec.valueOf(compression.name()),
            level,
            config.get(Keys.ROW_GROUP_SIZE),
            Math.toIntExact(config.get(Keys.PAGE_SIZE)),
            config.get(Keys.DICTIONARY),
            config.get(Keys.PAGE_VERSION) == PageVersion.V2,
            config.get(Keys.BLOOM_FILTERS),
            config.get(Keys.SORTING_COLUMNS)),
        Runtime.getRuntime().availableProcessors());
  }

  private long defaultLevel() {
    return config.get(Keys.COMPRESSION) == Compression.ZSTD ? 1 : DEFLATE_LEVEL;
  }

  private TypePolicy types() {
    Map<String, Integer> dimensions = new LinkedHashMap<>();
    config
        .get(Keys.ARRAY_DIMENSIONS)
        .forEach((column, depth) -> dimensions.put(column, Integer.parseInt(depth)));
    return new TypePolicy(
        config.get(Keys.SPECIAL_VALUES),
        config.get(Keys.WIDE_DECIMALS),
        config.get(Keys.ARRAYS),
        config.get(Keys.TEXT_COLUMNS),
        dimensions);
  }

  private Layout layout() {
    return new Layout(
        config.get(Keys.PARTITION_BY),
        config.find(Keys.PARTITION_COLUMN).orElse(""),
        config.get(Keys.SUCCESS_MARKER),
        config.get(Keys.COMPACT));
  }

  private Optional<S3Settings> s3() {
    return config.get(Keys.PATH) instanceof Location.Remote remote
            && remote.scheme().equals(S3Settings.SCHEME)
        ? Optional.of(S3Settings.of(remote, config.find(S3Settings.SECTION)))
        : Optional.empty();
  }

  private void addPlaceProblems(List<ConfigProblem> problems) {
    Optional<S3Settings> s3 = s3();
    if (s3.isPresent()) {
      problems.addAll(s3.get().problems(Keys.PATH));
      if (config.get(Keys.COMPACT)) {
        problems.add(
            new ConfigProblem(
                Keys.COMPACT,
                "an image is exchanged with the one before by renames, which object stores lack; remove 'compact', or"
                    + " set 'path' to a folder"));
      }
      return;
    }
    if (config.has(S3Settings.SECTION)) {
      problems.add(
          new ConfigProblem(
              S3Settings.SECTION, "'s3' means nothing unless 'path' is s3://...; remove it"));
    }
    String path = config.get(Keys.PATH).toString();
    if (config.get(Keys.PATH) instanceof Location.Remote
        || path.matches("(?s).*\\b(s3[an]?|gs|abfss?|hdfs|https?):/.*")) {
      problems.add(
          new ConfigProblem(
              Keys.PATH,
              "'path' is a folder or s3://bucket/folder; other stores that speak S3's language are s3:// with"
                  + " 's3: {endpoint: ...}'"));
    }
  }

  private void addCompressionProblems(List<ConfigProblem> problems) {
    Compression compression = config.get(Keys.COMPRESSION);
    Compression foreign = isAvro() ? Compression.GZIP : Compression.DEFLATE;
    if (compression == foreign) {
      problems.add(
          new ConfigProblem(
              Keys.COMPRESSION,
              isAvro()
                  ? "Avro has no gzip; use deflate, which is the same compression"
                  : "Parquet has no deflate; use gzip, which is the same compression"));
    }
    long level = config.find(Keys.COMPRESSION_LEVEL).orElse(0L);
    boolean levels = compression != Compression.SNAPPY && compression != Compression.NONE;
    if (level > 0 && !levels) {
      problems.add(
          new ConfigProblem(
              Keys.COMPRESSION_LEVEL,
              "'compression-level' means nothing with compression: %s; remove it"
                  .formatted(word(compression))));
    } else if (level > HIGHEST_DEFLATE_LEVEL && compression != Compression.ZSTD) {
      problems.add(
          new ConfigProblem(
              Keys.COMPRESSION_LEVEL,
              "%d must be from 1 to %d with compression: %s"
                  .formatted(level, HIGHEST_DEFLATE_LEVEL, word(compression))));
    }
  }

  private void addPartitionProblems(List<ConfigProblem> problems) {
    boolean byColumn = config.get(Keys.PARTITION_BY) == Partitioning.COLUMN;
    if (byColumn && config.find(Keys.PARTITION_COLUMN).orElse("").isEmpty()) {
      problems.add(
          new ConfigProblem(
              Keys.PARTITION_BY, "partition-by: column needs 'partition-column' to name it"));
    }
    if (!byColumn && config.has(Keys.PARTITION_COLUMN)) {
      problems.add(
          new ConfigProblem(
              Keys.PARTITION_COLUMN,
              "'partition-column' means nothing without partition-by: column"));
    }
  }

  private void addDimensionProblems(List<ConfigProblem> problems) {
    config
        .get(Keys.ARRAY_DIMENSIONS)
        .forEach((column, depth) -> {
          if (!depth.matches("[1-" + MOST_DIMENSIONS + "]")) {
            problems.add(
                new ConfigProblem(
                    List.of(Keys.ARRAY_DIMENSIONS.name(), column),
                    "'%s' must be a number of dimensions from 1 to %d"
                        .formatted(depth, MOST_DIMENSIONS)));
          }
        });
  }

  private static String word(Compression compression) {
    return compression.name().toLowerCase(Locale.ROOT);
  }
}
