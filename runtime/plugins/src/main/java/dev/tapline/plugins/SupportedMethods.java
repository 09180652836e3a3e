package dev.tapline.plugins;

import dev.tapline.spi.catalog.Catalog;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Relation;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.catalog.StreamName;
import dev.tapline.spi.config.Config;
import dev.tapline.spi.method.ReplicationMethod;
import dev.tapline.spi.method.ReplicationMethodProvider;
import dev.tapline.spi.source.KeyScans;
import dev.tapline.spi.source.Source;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Which methods each relation can be replicated by, as the methods themselves say: what the server
/// still needs for it, `check` knows.
///
/// @param methods for each relation the methods, each with the columns that are offered as
///   replication key; none if it needs no key
public record SupportedMethods(Map<StreamName, Map<String, List<String>>> methods) {

  public static SupportedMethods of(Catalog catalog, Source source, LoadedPlugins plugins)
      throws IOException, InterruptedException {
    Map<StreamName, List<String>> candidates =
        source instanceof KeyScans scans ? scans.keyCandidates(catalog.relations()) : Map.of();
    Map<StreamName, Map<String, List<String>>> all = new HashMap<>();
    catalog.relations().forEach(relation -> all.put(relation.name(), new TreeMap<>()));
    for (var plugin : plugins.of(PluginKind.METHOD)) {
      ReplicationMethodProvider provider = (ReplicationMethodProvider) plugin.provider();
      try (ReplicationMethod method = provider.create(Config.of(provider.config(), Map.of()))) {
        for (Relation relation : catalog.relations()) {
          Map<String, List<String>> own = all.getOrDefault(relation.name(), Map.of());
          if (isPossible(method, source, stream(relation, plugin.name(), List.of()))) {
            own.put(plugin.name(), List.of());
            continue;
          }
          List<String> keys =
              candidates.getOrDefault(relation.name(), List.of()).stream()
                  .filter(key ->
                      isPossible(method, source, stream(relation, plugin.name(), List.of(key))))
                  .toList();
          if (!keys.isEmpty()) {
            own.put(plugin.name(), keys);
          }
        }
      }
    }
    return new SupportedMethods(all);
  }

  private static boolean isPossible(ReplicationMethod method, Source source, Stream stream) {
    return method.check(source, stream).stream()
        .noneMatch(finding -> finding.severity() == Finding.Severity.ERROR);
  }

  private static Stream stream(Relation relation, String method, List<String> key) {
    return new Stream(
        relation.name(),
        relation.kind(),
        relation.schema(),
        relation.name().toString(),
        method,
        key,
        relation.estimatedRows(),
        relation.estimatedBytes());
  }

  /// The methods of a relation, with their keys.
  public Map<String, List<String>> of(Relation relation) {
    return methods.getOrDefault(relation.name(), Map.of());
  }

  /// The columns that any method can take as replication key.
  public List<String> keys(Relation relation) {
    return of(relation).values().stream().flatMap(List::stream).distinct().toList();
  }
}
