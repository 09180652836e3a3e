package dev.tapline.cli.descriptor;

import dev.tapline.engine.Pipeline;
import dev.tapline.plugins.LoadedPlugins;
import dev.tapline.plugins.Plugin;
import dev.tapline.plugins.PluginKind;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigKey;
import dev.tapline.spi.config.ConfigProblem;
import dev.tapline.spi.config.ConfigSpec;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One reading of one descriptor: from its text to the pipeline, or to all that is wrong.
final class DescriptorReading {
  private final LoadedPlugins plugins;
  private final Path file;
  private final Path folder;
  private final DescriptorProblems problems;
  private final YamlDocument yaml;
  private Map<String, @Nullable Object> values = Map.of();

  /// @param file the descriptor, absolute
  DescriptorReading(
      LoadedPlugins plugins,
      Map<String, String> environment,
      Path file,
      DescriptorProblems problems) {
    this.plugins = plugins;
    this.file = file;
    this.folder = file.resolveSibling("");
    this.problems = problems;
    this.yaml = new YamlDocument(problems, new VariableReferences(environment, folder));
  }

  Descriptor descriptor(String text, UnaryOperator<Map<String, @Nullable Object>> completion)
      throws DescriptorException {
    Optional<Map<String, @Nullable Object>> document = yaml.read(text);
    if (document.isEmpty()) {
      problems.throwIfAny();
    }
    values = new LinkedHashMap<>(completion.apply(document.orElseThrow()));
    Optional<Plugin> source = chosen(PluginKind.SOURCE, "source");
    Optional<Plugin> sink = chosen(PluginKind.SINK, "sink");
    ConfigKey<Config> sourceKey = DescriptorKeys.source(keys(source));
    ConfigKey<Config> sinkKey = DescriptorKeys.sink(keys(sink));
    ConfigSpec spec = DescriptorKeys.root(sourceKey, sinkKey);
    SecretValues.register(spec, values);
    values = new SecretOrigins(yaml, folder, this::report).of(spec, values, List.of());
    Config root = spec.parse(values, folder, this::report);
    source.ifPresent(plugin -> validate(plugin, root, sourceKey));
    sink.ifPresent(plugin -> validate(plugin, root, sinkKey));
    String name = StateLocation.name(root, file, this::report);
    root.find(DescriptorKeys.METHOD).ifPresent(method -> requireMethod(method, List.of("method")));
    List<Pipeline.StreamEntry> streams = streams();
    problems.throwIfAny();
    Config engine = root.get(DescriptorKeys.ENGINE);
    return new Descriptor(
        new Pipeline(
            name,
            new Pipeline.Plugin(source.orElseThrow().name(), root.get(sourceKey)),
            new Pipeline.Plugin(sink.orElseThrow().name(), root.get(sinkKey)),
            root.get(DescriptorKeys.METHOD),
            streams,
            engine(engine)),
        folder.resolve(root.get(DescriptorKeys.STATE)),
        engine.get(DescriptorKeys.KEEP_RUNS));
  }

  /// The plug-in that a section chooses. A section that chooses none is reported here, and taken
  /// out of the values: nothing more can be said about its keys.
  private Optional<Plugin> chosen(PluginKind kind, String section) {
    if (!values.containsKey(section)) {
      report(
          new ConfigProblem(
              List.of(),
              "the key '%s' is missing; add '%s: {type: ...}', with one of %s"
                  .formatted(section, section, String.join(", ", names(kind)))));
      return Optional.empty();
    }
    if (!(values.remove(section) instanceof Map<?, ?> keys)) {
      report(new ConfigProblem(List.of(section), "it wants keys of its own below it"));
      return Optional.empty();
    }
    if (!(keys.get(DescriptorKeys.TYPE.name()) instanceof String type)) {
      report(
          new ConfigProblem(
              List.of(section),
              "the key 'type' is missing; there is " + String.join(", ", names(kind))));
      return Optional.empty();
    }
    Optional<Plugin> plugin = plugins.find(kind, type);
    if (plugin.isEmpty()) {
      report(new ConfigProblem(List.of(section, "type"), plugins.missing(kind, type)));
    } else {
      values.put(section, keys);
    }
    return plugin;
  }

  private List<String> names(PluginKind kind) {
    return plugins.of(kind).stream().map(Plugin::name).toList();
  }

  private static ConfigSpec keys(Optional<Plugin> plugin) {
    return plugin.map(found -> found.provider().config()).orElse(ConfigSpec.of());
  }

  private void validate(Plugin plugin, Config root, ConfigKey<Config> section) {
    // A section with a problem lacks values that the plug-in may count on.
    if (problems.isClean(section.name())) {
      for (ConfigProblem found : plugin.provider().validate(root.get(section))) {
        List<String> path =
            Stream.concat(Stream.of(section.name()), found.path().stream()).toList();
        report(new ConfigProblem(path, found.message()));
      }
    }
  }

  private List<Pipeline.StreamEntry> streams() {
    if (!(values.get(DescriptorKeys.STREAMS.name()) instanceof List<?> list)) {
      // Missing, or no list: reported with the rest.
      return List.of();
    }
    return new StreamEntries(problems, this::report, this::requireMethod).read(list, folder);
  }

  private void requireMethod(String name, List<String> path) {
    if (plugins.method(name).isEmpty()) {
      report(new ConfigProblem(path, plugins.missing(PluginKind.METHOD, name)));
    }
  }

  private static Pipeline.Engine engine(Config engine) {
    Config checkpoint = engine.get(DescriptorKeys.CHECKPOINT);
    return new Pipeline.Engine(
        Math.toIntExact(engine.get(DescriptorKeys.PARALLELISM)),
        checkpoint.get(DescriptorKeys.CHECKPOINT_INTERVAL),
        checkpoint
            .find(DescriptorKeys.CHECKPOINT_ROWS)
            .map(OptionalLong::of)
            .orElseGet(OptionalLong::empty),
        checkpoint.get(DescriptorKeys.CHECKPOINT_BYTES),
        engine.get(DescriptorKeys.RETRY_FOR));
  }

  private void report(ConfigProblem problem) {
    if (!yaml.isUnresolved(problem.path())) {
      problems.add(
          problem.path(),
          prefix(problem.path()) + yaml.disguise(problem.path(), problem.message()));
    }
  }

  /// Names the section that a path is in, as people call it.
  private String prefix(List<String> path) {
    if (path.isEmpty()) {
      return "";
    }
    String section = path.getFirst();
    if (section.equals("source") || section.equals("sink")) {
      return values.get(section) instanceof Map<?, ?> keys
          ? section + " '" + keys.get("type") + "': "
          : section + ": ";
    }
    if (path.size() == 1) {
      return "";
    }
    if (section.equals(DescriptorKeys.STREAMS.name())) {
      return "streams, entry " + (Integer.parseInt(path.get(1)) + 1) + ": ";
    }
    return String.join(".", path.subList(0, path.size() - 1)) + ": ";
  }
}
