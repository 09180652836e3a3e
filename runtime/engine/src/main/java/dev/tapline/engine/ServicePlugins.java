package dev.tapline.engine;

import dev.tapline.spi.Provider;
import dev.tapline.spi.method.ReplicationMethodProvider;
import dev.tapline.spi.sink.SinkProvider;
import dev.tapline.spi.source.SourceProvider;
import java.util.Optional;
import java.util.ServiceLoader;

/// The plug-ins that a service loader finds beside the engine. Safe for all threads.
final class ServicePlugins implements PluginRegistry {
  @Override
  public Optional<SourceProvider> source(String type) {
    return named(type, ServiceLoader.load(SourceProvider.class));
  }

  @Override
  public Optional<SinkProvider> sink(String type) {
    return named(type, ServiceLoader.load(SinkProvider.class));
  }

  @Override
  public Optional<ReplicationMethodProvider> method(String name) {
    return named(name, ServiceLoader.load(ReplicationMethodProvider.class));
  }

  private static <P extends Provider> Optional<P> named(String name, ServiceLoader<P> providers) {
    for (P provider : providers) {
      if (provider.name().equals(name)) {
        return Optional.of(provider);
      }
    }
    return Optional.empty();
  }
}
