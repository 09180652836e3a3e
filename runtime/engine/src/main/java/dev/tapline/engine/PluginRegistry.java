package dev.tapline.engine;

import dev.tapline.spi.method.ReplicationMethodProvider;
import dev.tapline.spi.sink.SinkProvider;
import dev.tapline.spi.source.SourceProvider;
import java.util.Optional;

/// The plug-ins of a run, by kind and name.
public interface PluginRegistry {
  /// The source of a `type:`.
  Optional<SourceProvider> source(String type);

  /// The sink of a `type:`.
  Optional<SinkProvider> sink(String type);

  /// The replication method of a name.
  Optional<ReplicationMethodProvider> method(String name);
}
