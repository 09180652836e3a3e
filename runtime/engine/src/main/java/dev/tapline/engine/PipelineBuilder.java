package dev.tapline.engine;

import dev.tapline.spi.Provider;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigProblem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Makes a [Pipeline] in code. What is wrong is told all at once, by [#build()]. One thread.
public final class PipelineBuilder {
  private final String name;
  private final PluginRegistry plugins;
  private final List<Pipeline.StreamEntry> streams = new ArrayList<>();
  private @Nullable Choice source;
  private @Nullable Choice sink;
  private String method = "FULL_TABLE";
  private Pipeline.Engine engine = Pipeline.Engine.DEFAULT;

  private record Choice(String type, Map<String, ?> values) {}

  /// @param name what the state and the sink's marker are named after: letters, digits, `.`, `_`,
  ///   `-`
  /// @param plugins what there is to choose from
  public PipelineBuilder(String name, PluginRegistry plugins) {
    this.name = name;
    this.plugins = plugins;
  }

  /// Chooses the source.
  ///
  /// @param type as `type:` of a descriptor
  /// @param values as the keys of a descriptor: text, [Long], [Boolean], [Double], lists and maps
  ///   of these; relative paths begin at the working folder
  public PipelineBuilder source(String type, Map<String, ?> values) {
    source = new Choice(type, values);
    return this;
  }

  /// Chooses the sink, as [#source] does the source.
  public PipelineBuilder sink(String type, Map<String, ?> values) {
    sink = new Choice(type, values);
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
    List<String> problems = new ArrayList<>();
    Pipeline.problemOfName(name).ifPresent(problems::add);
    Optional<Pipeline.Plugin> from = configured("source", source, plugins::source, problems);
    Optional<Pipeline.Plugin> to = configured("sink", sink, plugins::sink, problems);
    if (streams.isEmpty()) {
      problems.add("streams: name one at least with tables(pattern) or stream(entry)");
    }
    requireMethod(method, problems);
    for (Pipeline.StreamEntry entry : streams) {
      if (!entry.method().isEmpty()) {
        requireMethod(entry.method(), problems);
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems));
    }
    return new Pipeline(name, from.orElseThrow(), to.orElseThrow(), method, streams, engine);
  }

  private void requireMethod(String required, List<String> problems) {
    if (plugins.method(required).isEmpty()) {
      problems.add("there is no replication method '" + required + "'");
    }
  }

  private static Optional<Pipeline.Plugin> configured(
      String kind,
      @Nullable Choice choice,
      Function<String, ? extends Optional<? extends Provider>> plugins,
      List<String> problems) {
    if (choice == null) {
      problems.add(kind + ": choose one with " + kind + "(type, values)");
      return Optional.empty();
    }
    Optional<? extends Provider> provider = plugins.apply(choice.type());
    if (provider.isEmpty()) {
      problems.add(PluginFactory.missing(kind, choice.type()));
      return Optional.empty();
    }
    List<ConfigProblem> found = new ArrayList<>();
    Path folder = Path.of("").toAbsolutePath();
    Config config = provider.get().config().parse(choice.values(), folder, found::add);
    if (found.isEmpty()) {
      found.addAll(provider.get().validate(config));
    }
    for (ConfigProblem problem : found) {
      List<String> key = new ArrayList<>(List.of(kind));
      key.addAll(problem.path());
      problems.add(String.join(".", key) + ": " + problem.message());
    }
    return Optional.of(new Pipeline.Plugin(choice.type(), config));
  }
}
