package dev.tapline.engine;

import dev.tapline.spi.method.ReplicationMethodProvider;
import dev.tapline.spi.sink.SinkProvider;
import dev.tapline.spi.source.SourceProvider;
import java.util.Optional;

/// The plug-ins of a run, by kind and name.
public interface PluginRegistry {
  /// The plug-ins on the module path or class path, and the shipped replication methods: for
  /// programs that embed the engine. They share one version of each library; the command line gives
  /// each plug-in a module layer of its own instead.
  ///
  /// @throws IllegalStateException if two of a kind have the same name
  static PluginRegistry ofServices() {
    return new ServicePlugins();
  }

  /// The source of a `type:`.
  Optional<SourceProvider> source(String type);

  /// The sink of a `type:`.
  Optional<SinkProvider> sink(String type);

  /// The replication method of a name.
  Optional<ReplicationMethodProvider> method(String name);
}
