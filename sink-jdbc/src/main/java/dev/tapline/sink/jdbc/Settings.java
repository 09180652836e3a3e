package dev.tapline.sink.jdbc;

import dev.tapline.sink.jdbc.database.Access;
import dev.tapline.sink.jdbc.database.Dialects;
import dev.tapline.sink.jdbc.dialect.Dialect;
import dev.tapline.sink.jdbc.plan.Metadata;
import dev.tapline.sink.jdbc.plan.Mode;
import dev.tapline.sink.jdbc.plan.Planner;
import dev.tapline.sink.jdbc.plan.Preset;
import dev.tapline.sink.jdbc.stage.StageSettings;
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

/// What the values of the descriptor's section mean.
final class Settings {
  private final Config config;

  Settings(Config config) {
    this.config = config;
  }

  List<ConfigProblem> problems() {
    List<ConfigProblem> problems = new ArrayList<>();
    if (config.has(Keys.URL) && !config.get(Keys.URL).startsWith("jdbc:")) {
      problems.add(
          new ConfigProblem(
              Keys.URL,
              "'%s' is no URL of a driver; it begins with 'jdbc:', as in 'jdbc:postgresql://host/database'"
                  .formatted(Access.shown(config.get(Keys.URL)))));
    }
    List<String> words =
        Arrays.stream(Mode.values()).map(mode -> mode.name().toLowerCase(Locale.ROOT)).toList();
    config
        .get(Keys.MODES)
        .forEach((destination, word) -> {
          if (!words.contains(word)) {
            problems.add(
                new ConfigProblem(
                    List.of(Keys.MODES.name(), destination),
                    "'%s' is none of %s%s"
                        .formatted(word, String.join(", ", words), Nearest.hint(word, words))));
          }
        });
    Metadata metadata = metadata();
    for (String name : config.get(Keys.METADATA_FIELDS).keySet()) {
      if (!metadata.known().contains(name)) {
        problems.add(
            new ConfigProblem(
                List.of(Keys.METADATA_FIELDS.name(), name),
                "'%s' is none of %s%s"
                    .formatted(
                        name,
                        String.join(", ", metadata.known()),
                        Nearest.hint(name, metadata.known()))));
      }
    }
    return problems;
  }

  private Metadata metadata() {
    return new Metadata(
        config.get(Keys.METADATA), config.get(Keys.METADATA_FIELDS), config.get(Keys.DELETES));
  }

  private String url() {
    return config.get(Keys.URL)
        + config.find(Keys.FILE).map(file -> file.toAbsolutePath().toString()).orElse("");
  }

  Sink sink(SinkContext context) {
    Dialect dialect = Dialects.of(url());
    Access access =
        new Access(
            url(),
            config.find(Keys.USER).orElse(""),
            config.find(Keys.PASSWORD),
            config.get(Keys.PROPERTIES),
            config.get(Keys.SCHEMA),
            Math.toIntExact(config.get(Keys.CONNECTIONS)),
            dialect);
    Planner planner =
        new Planner(
            dialect,
            metadata(),
            config.get(Keys.SPECIAL_VALUES),
            modes(),
            config.get(Keys.TEXT_COLUMNS));
    String refused =
        config.get(Keys.METADATA) == Preset.STITCH ? "_sdc_rejected" : "_tapline_rejected";
    StageSettings stage =
        new StageSettings(planner, config.get(Keys.REFUSED_ROWS), context.clock());
    return new JdbcSink(access, stage, context.pipeline(), refused);
  }

  // The most specific pattern, which is the longest, comes first.
  private Map<String, Mode> modes() {
    Map<String, Mode> modes = new LinkedHashMap<>();
    config.get(Keys.MODES).entrySet().stream()
        .sorted(
            Comparator.comparingInt((Map.Entry<String, String> entry) -> -entry.getKey().length())
                .thenComparing(Map.Entry::getKey))
        .forEach(entry ->
            modes.put(entry.getKey(), Mode.valueOf(entry.getValue().toUpperCase(Locale.ROOT))));
    return modes;
  }
}
