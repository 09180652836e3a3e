package dev.tapline.engine;

import dev.tapline.spi.Provider;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigProblem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes a [Pipeline] in code. What is wrong is told all at once, by [#build()]. One thread.
public final class PipelineBuilder {
  private final String name;
  private final PluginRegistry plugins;
  private final List<String> problems = new ArrayList<>();
  private final List<Pipeline.StreamEntry> streams = new ArrayList<>();
  private Optional<Pipeline.Plugin> source = Optional.empty();
  private Optional<Pipeline.Plugin> sink = Optional.empty();
  private String method = "FULL_TABLE";
  private Pipeline.Engine engine = Pipeline.Engine.DEFAULT;

  /// @param name what the state and the sink's marker are named after: letters, digits, `.`, `_`,
  ///   `-`
  /// @param plugins what there is to choose from
  public PipelineBuilder(String name, PluginRegistry plugins) {
    this.name = name;
    this.plugins = plugins;
    if (!name.matches("[A-Za-z0-9._-]+")) {
      problems.add(
          "the pipeline's name '" + name + "' may hold letters, digits, '.', '_' and '-' only");
    }
  }

  /// Chooses the source.
  ///
  /// @param type as `type:` of a descriptor
  /// @param values as the keys of a descriptor: text, [Long], [Boolean], [Double], lists and maps
  ///   of these; relative paths begin at the working folder
  public PipelineBuilder source(String type, Map<String, ?> values) {
    source = configured("source", type, plugins.source(type), values);
    return this;
  }

  /// Chooses the sink, as [#source] does the source.
  public PipelineBuilder sink(String type, Map<String, ?> values) {
    sink = configured("sink", type, plugins.sink(type), values);
    return this;
  }

  /// The replication method of streams that name none; without it, `FULL_TABLE`.
  public PipelineBuilder method(String replicationMethod) {
    method = replicationMethod;
    return this;
  }

  /// Replicates the tables that a pattern means, such as `public.orders` or `public.*`.
  public PipelineBuilder tables(String pattern) {
    return stream(Pipeline.StreamEntry.tables(pattern));
  }

  /// Replicates what an entry means.
  public PipelineBuilder stream(Pipeline.StreamEntry entry) {
    streams.add(entry);
    return this;
  }

  /// How to run; without it, [Pipeline.Engine#DEFAULT].
  public PipelineBuilder engine(Pipeline.Engine settings) {
    engine = settings;
    return this;
  }

  /// The pipeline.
  ///
  /// @throws IllegalArgumentException if a plug-in, a value or a stream is missing or wrong; the
  ///   message has a line for each
  public Pipeline build() {
    List<String> wrong = new ArrayList<>(problems);
    if (source.isEmpty() && wrong.stream().noneMatch(line -> line.startsWith("source"))) {
      wrong.add("source: choose one with source(type, values)");
    }
    if (sink.isEmpty() && wrong.stream().noneMatch(line -> line.startsWith("sink"))) {
      wrong.add("sink: choose one with sink(type, values)");
    }
    if (streams.isEmpty()) {
      wrong.add("streams: name one at least with tables(pattern) or stream(entry)");
    }
    requireMethod(method, wrong);
    for (Pipeline.StreamEntry entry : streams) {
      if (!entry.method().isEmpty()) {
        requireMethod(entry.method(), wrong);
      }
    }
    if (!wrong.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", wrong));
    }
    return new Pipeline(name, source.orElseThrow(), sink.orElseThrow(), method, streams, engine);
  }

  private void requireMethod(String method, List<String> wrong) {
    if (plugins.method(method).isEmpty()) {
      wrong.add("there is no replication method '" + method + "'");
    }
  }

  private Optional<Pipeline.Plugin> configured(
      String kind, String type, Optional<? extends Provider> provider, Map<String, ?> values) {
    if (provider.isEmpty()) {
      problems.add(kind + ": there is no " + kind + " plug-in '" + type + "'");
      return Optional.empty();
    }
    List<ConfigProblem> found = new ArrayList<>();
    Config config = provider.get().config().parse(values, Path.of("").toAbsolutePath(), found::add);
    if (found.isEmpty()) {
      found.addAll(provider.get().validate(config));
    }
    for (ConfigProblem problem : found) {
      problems.add(
          kind
              + " '"
              + type
              + "'"
              + (problem.path().isEmpty() ? "" : "." + String.join(".", problem.path()))
              + ": "
              + problem.message());
    }
    return Optional.of(new Pipeline.Plugin(type, config));
  }
}
