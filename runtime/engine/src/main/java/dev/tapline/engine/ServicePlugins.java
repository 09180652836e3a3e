package dev.tapline.engine;

import dev.tapline.spi.Provider;
import dev.tapline.spi.method.ReplicationMethodProvider;
import dev.tapline.spi.sink.SinkProvider;
import dev.tapline.spi.source.SourceProvider;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The plug-ins that a service loader finds beside the engine. Safe for all threads.
final class ServicePlugins implements PluginRegistry {
  private final Map<String, SourceProvider> sources =
      byName(ServiceLoader.load(SourceProvider.class));
  private final Map<String, SinkProvider> sinks = byName(ServiceLoader.load(SinkProvider.class));
  private final Map<String, ReplicationMethodProvider> methods =
      byName(ServiceLoader.load(ReplicationMethodProvider.class));

  private static <P extends Provider> Map<String, P> byName(ServiceLoader<P> providers) {
    return providers.stream()
        .map(ServiceLoader.Provider::get)
        .collect(Collectors.toUnmodifiableMap(Provider::name, Function.identity()));
  }

  @Override
  public Optional<SourceProvider> source(String type) {
    return Optional.ofNullable(sources.get(type));
  }

  @Override
  public Optional<SinkProvider> sink(String type) {
    return Optional.ofNullable(sinks.get(type));
  }

  @Override
  public Optional<ReplicationMethodProvider> method(String name) {
    return Optional.ofNullable(methods.get(name));
  }
}
