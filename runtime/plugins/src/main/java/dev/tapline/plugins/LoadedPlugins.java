package dev.tapline.plugins;

import dev.tapline.engine.PluginRegistry;
import dev.tapline.plugins.PluginProblem.Effect;
import dev.tapline.spi.config.Nearest;
import dev.tapline.spi.method.ReplicationMethodProvider;
import dev.tapline.spi.sink.SinkProvider;
import dev.tapline.spi.source.SourceProvider;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The plug-ins that were found, and what is wrong with others.
///
/// @param all the plug-ins, ordered by kind and name
/// @param problems what was found wrong, in the order of the folders
public record LoadedPlugins(List<Plugin> all, List<PluginProblem> problems)
    implements PluginRegistry {

  /// Copies the lists.
  public LoadedPlugins {
    all =
        all.stream()
            .sorted(Comparator.comparing(Plugin::kind).thenComparing(Plugin::name))
            .toList();
    problems = List.copyOf(problems);
  }

  /// The plug-ins of which there is one of kind and name; of the others none can be used, which is
  /// a fatal problem.
  static LoadedPlugins unambiguous(List<Plugin> found, List<PluginProblem> problems) {
    Map<String, List<Plugin>> byName =
        found.stream()
            .collect(
                Collectors.groupingBy(
                    plugin -> plugin.kind().label() + " '" + plugin.name() + "'",
                    LinkedHashMap::new,
                    Collectors.toList()));
    List<Plugin> plugins = new ArrayList<>();
    List<PluginProblem> all = new ArrayList<>(problems);
    byName.forEach((name, candidates) -> {
      if (candidates.size() == 1) {
        plugins.add(candidates.getFirst());
      } else {
        String others =
            candidates.stream().skip(1).map(Plugin::location).collect(Collectors.joining(", "));
        all.add(
            new PluginProblem(
                candidates.getFirst().location(),
                "the " + name + " is also in " + others + "; remove all but one",
                Effect.FATAL));
      }
    });
    return new LoadedPlugins(plugins, all);
  }

  @Override
  public Optional<SourceProvider> source(String type) {
    return find(PluginKind.SOURCE, type).map(Plugin::provider).map(SourceProvider.class::cast);
  }

  @Override
  public Optional<SinkProvider> sink(String type) {
    return find(PluginKind.SINK, type).map(Plugin::provider).map(SinkProvider.class::cast);
  }

  @Override
  public Optional<ReplicationMethodProvider> method(String name) {
    return find(PluginKind.METHOD, name)
        .map(Plugin::provider)
        .map(ReplicationMethodProvider.class::cast);
  }

  /// The plug-ins of a kind.
  public List<Plugin> of(PluginKind kind) {
    return all.stream().filter(plugin -> plugin.kind() == kind).toList();
  }

  /// A sentence that says why there is no plug-in of this name, and what there is.
  public String missing(PluginKind kind, String name) {
    Collection<String> names = of(kind).stream().map(Plugin::name).toList();
    StringBuilder sentence =
        new StringBuilder("there is no " + kind.label() + " '" + name + "'")
            .append(meant(kind, name).orElseGet(() -> Nearest.hint(name, names)))
            .append(names.isEmpty() ? "; there is none at all" : "; there is ")
            .append(String.join(", ", names));
    // It may be what one of these would have provided.
    problems.stream()
        .filter(problem -> problem.effect() != Effect.NONE)
        .forEach(problem -> sentence.append("; ").append(problem));
    return sentence.toString();
  }

  private Optional<String> meant(PluginKind kind, String name) {
    String word = name.toLowerCase(Locale.ROOT).replace('_', '-');
    return of(kind).stream()
        .filter(plugin -> plugin.provider().calledElsewhere().contains(word))
        .map(plugin -> "; use '" + plugin.name() + "'")
        .findFirst();
  }

  /// Refuses to go on with plug-ins of which it is not clear which one is meant.
  ///
  /// @throws PluginException that lists the fatal problems
  public void requireSound() throws PluginException {
    String fatal =
        problems.stream()
            .filter(problem -> problem.effect() == Effect.FATAL)
            .map(PluginProblem::toString)
            .collect(Collectors.joining("\n"));
    if (!fatal.isEmpty()) {
      throw new PluginException(fatal);
    }
  }

  /// The plug-in of a kind and name.
  public Optional<Plugin> find(PluginKind kind, String name) {
    return all.stream()
        .filter(plugin -> plugin.kind() == kind && plugin.name().equals(name))
        .findFirst();
  }
}
