package dev.tapline.cli.descriptor;

import dev.tapline.engine.Pipeline;
import dev.tapline.engine.select.NamePattern;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigKey;
import dev.tapline.spi.config.ConfigProblem;
import dev.tapline.spi.config.ConfigSpec;
import dev.tapline.spi.config.Nearest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Makes the entries of `streams:`, and reports what is wrong with them beyond their keys.
final class StreamEntries {
  private static final Duration LONGEST_LOOKBACK = Duration.ofDays(36_500);
  private static final List<String> STREAMS = List.of(DescriptorKeys.STREAMS.name());

  private final DescriptorProblems problems;
  private final Consumer<ConfigProblem> report;
  private final BiConsumer<String, List<String>> requireMethod;

  /// @param requireMethod reports a method that there is not, at a path
  StreamEntries(
      DescriptorProblems problems,
      Consumer<ConfigProblem> report,
      BiConsumer<String, List<String>> requireMethod) {
    this.problems = problems;
    this.report = report;
    this.requireMethod = requireMethod;
  }

  /// @param list the entries as the file has them; what is wrong with single keys was reported
  List<Pipeline.StreamEntry> read(List<?> list, Path folder) {
    if (list.isEmpty()) {
      report.accept(
          new ConfigProblem(
              STREAMS, "'streams' is empty; add an entry such as '- table: public.*'"));
    }
    List<Pipeline.StreamEntry> entries = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i) instanceof Map<?, ?> map) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        map.forEach((key, value) -> values.put(String.valueOf(key), value));
        Config config = DescriptorKeys.STREAM.parse(values, folder, reported -> {});
        entries.add(entry(YamlDocument.child(STREAMS, String.valueOf(i)), values, config));
      }
    }
    return entries;
  }

  private Pipeline.StreamEntry entry(
      List<String> path, Map<String, @Nullable Object> values, Config config) {
    requireOneTarget(path, values);
    for (ConfigKey<String> key : List.of(DescriptorKeys.TABLE, DescriptorKeys.VIEW)) {
      config.find(key).ifPresent(pattern -> requirePattern(pattern, path, key));
    }
    for (String pattern : config.find(DescriptorKeys.EXCLUDE).orElse(List.of())) {
      requirePattern(pattern, path, DescriptorKeys.EXCLUDE);
    }
    config
        .find(DescriptorKeys.STREAM_METHOD)
        .ifPresent(name ->
            requireMethod.accept(
                name, YamlDocument.child(path, DescriptorKeys.STREAM_METHOD.name())));
    if (config.find(DescriptorKeys.AS).filter(String::isBlank).isPresent()) {
      report.accept(
          new ConfigProblem(
              YamlDocument.child(path, DescriptorKeys.AS.name()),
              "'as' is empty; give the stream a name, or leave the key out"));
    }
    config.find(DescriptorKeys.LOOKBACK).ifPresent(text -> requireLookback(text, path));
    Config columns = config.get(DescriptorKeys.COLUMNS);
    return new Pipeline.StreamEntry(
        config.find(DescriptorKeys.TABLE).or(() -> config.find(DescriptorKeys.VIEW)).orElse(""),
        config.has(DescriptorKeys.VIEW),
        config.find(DescriptorKeys.EXCLUDE).orElse(List.of()),
        config.find(DescriptorKeys.STREAM_METHOD).orElse(""),
        config.find(DescriptorKeys.REPLICATION_KEY).orElse(List.of()),
        config.find(DescriptorKeys.LOOKBACK).orElse(""),
        config.find(DescriptorKeys.PRIMARY_KEY).orElse(List.of()),
        columns.find(DescriptorKeys.INCLUDE_COLUMNS).orElse(List.of()),
        columns.find(DescriptorKeys.EXCLUDE_COLUMNS).orElse(List.of()),
        config.find(DescriptorKeys.AS).orElse(""),
        problems.where(path));
  }

  /// What its key needs is for the source to say; here, whether it is anything at all.
  private void requireLookback(String text, List<String> path) {
    if (text.matches("\\d{1,15}")) {
      return;
    }
    ConfigSpec.of(
            ConfigKey.duration(DescriptorKeys.LOOKBACK.name())
                .between(Duration.ZERO, LONGEST_LOOKBACK))
        .parse(
            Map.of(DescriptorKeys.LOOKBACK.name(), text),
            Path.of(""),
            problem ->
                report.accept(
                    new ConfigProblem(
                        YamlDocument.child(path, DescriptorKeys.LOOKBACK.name()),
                        problem.message() + ", or a number for a key of numbers")));
  }

  private void requireOneTarget(List<String> path, Map<String, @Nullable Object> values) {
    List<String> targets = List.of(DescriptorKeys.TABLE.name(), DescriptorKeys.VIEW.name());
    long given = targets.stream().filter(values::containsKey).count();
    boolean misspelt =
        values.keySet().stream()
            .filter(key -> !DescriptorKeys.STREAM.names().contains(key))
            .anyMatch(key -> Nearest.of(key, targets).isPresent());
    if (given == 2) {
      report.accept(
          new ConfigProblem(path, "'table' and 'view' exclude each other; make it two entries"));
    } else if (given == 0 && !misspelt) {
      report.accept(
          new ConfigProblem(path, "it names neither a 'table' nor a 'view'; add one of them"));
    }
  }

  private void requirePattern(String pattern, List<String> path, ConfigKey<?> key) {
    try {
      NamePattern.parse(pattern);
    } catch (IllegalArgumentException e) {
      report.accept(
          new ConfigProblem(
              YamlDocument.child(path, key.name()), "'" + key.name() + "': " + e.getMessage()));
    }
  }
}
