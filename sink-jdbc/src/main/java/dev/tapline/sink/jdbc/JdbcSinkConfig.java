package dev.tapline.sink.jdbc;

import dev.tapline.sink.jdbc.connection.ConnectionConfig;
import dev.tapline.sink.jdbc.connection.DialectLoader;
import dev.tapline.sink.jdbc.dialect.api.Dialect;
import dev.tapline.sink.jdbc.staging.StagingConfig;
import dev.tapline.sink.jdbc.table.MetadataColumns;
import dev.tapline.sink.jdbc.table.MetadataPreset;
import dev.tapline.sink.jdbc.table.TableMode;
import dev.tapline.sink.jdbc.table.TablePlanner;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigProblem;
import dev.tapline.spi.config.Nearest;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Validates the options of a descriptor and creates the sink.
final class JdbcSinkConfig {
  private final Config config;

  JdbcSinkConfig(Config config) {
    this.config = config;
  }

  List<ConfigProblem> problems() {
    List<ConfigProblem> problems = new ArrayList<>();
    if (config.has(JdbcSinkOptions.URL) && !config.get(JdbcSinkOptions.URL).startsWith("jdbc:")) {
      problems.add(
          new ConfigProblem(
              JdbcSinkOptions.URL,
              "'%s' is no URL of a driver; it begins with 'jdbc:', as in 'jdbc:postgresql://host/database'"
                  .formatted(ConnectionConfig.redacted(config.get(JdbcSinkOptions.URL)))));
    }
    List<String> names =
        Arrays.stream(TableMode.values())
            .map(mode -> mode.name().toLowerCase(Locale.ROOT))
            .toList();
    config
        .get(JdbcSinkOptions.MODES)
        .forEach((destination, name) -> {
          if (!names.contains(name)) {
            problems.add(
                new ConfigProblem(
                    List.of(JdbcSinkOptions.MODES.name(), destination),
                    "'%s' is none of %s%s"
                        .formatted(name, String.join(", ", names), Nearest.hint(name, names))));
          }
        });
    MetadataColumns metadata = metadata();
    for (String name : config.get(JdbcSinkOptions.METADATA_FIELDS).keySet()) {
      if (!metadata.known().contains(name)) {
        problems.add(
            new ConfigProblem(
                List.of(JdbcSinkOptions.METADATA_FIELDS.name(), name),
                "'%s' is none of %s%s"
                    .formatted(
                        name,
                        String.join(", ", metadata.known()),
                        Nearest.hint(name, metadata.known()))));
      }
    }
    return problems;
  }

  private MetadataColumns metadata() {
    return new MetadataColumns(
        config.get(JdbcSinkOptions.METADATA),
        config.get(JdbcSinkOptions.METADATA_FIELDS),
        config.get(JdbcSinkOptions.DELETES));
  }

  private String url() {
    return config.get(JdbcSinkOptions.URL)
        + config
            .find(JdbcSinkOptions.FILE)
            .map(file -> file.toAbsolutePath().toString())
            .orElse("");
  }

  Sink createSink(SinkContext context) {
    Dialect dialect = DialectLoader.of(url());
    ConnectionConfig connection =
        new ConnectionConfig(
            url(),
            config.find(JdbcSinkOptions.USER).orElse(""),
            config.find(JdbcSinkOptions.PASSWORD),
            config.get(JdbcSinkOptions.PROPERTIES),
            config.get(JdbcSinkOptions.SCHEMA),
            Math.toIntExact(config.get(JdbcSinkOptions.CONNECTIONS)),
            dialect);
    TablePlanner planner =
        new TablePlanner(
            dialect,
            metadata(),
            config.get(JdbcSinkOptions.SPECIAL_VALUES),
            modes(),
            config.get(JdbcSinkOptions.TEXT_COLUMNS));
    String rejectedTable =
        config.get(JdbcSinkOptions.METADATA) == MetadataPreset.STITCH
            ? "_sdc_rejected"
            : "_tapline_rejected";
    StagingConfig staging =
        new StagingConfig(planner, config.get(JdbcSinkOptions.REFUSED_ROWS), context.clock());
    return new JdbcSink(connection, staging, context.pipeline(), rejectedTable);
  }

  // The most specific pattern, which is the longest, comes first.
  private Map<String, TableMode> modes() {
    Map<String, TableMode> modes = new LinkedHashMap<>();
    config.get(JdbcSinkOptions.MODES).entrySet().stream()
        .sorted(
            Comparator.comparingInt((Map.Entry<String, String> entry) -> -entry.getKey().length())
                .thenComparing(Map.Entry::getKey))
        .forEach(entry ->
            modes.put(
                entry.getKey(), TableMode.valueOf(entry.getValue().toUpperCase(Locale.ROOT))));
    return modes;
  }
}
