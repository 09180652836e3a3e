package dev.tapline.plugins;

import dev.tapline.spi.Provider;
import dev.tapline.spi.method.ReplicationMethodProvider;
import dev.tapline.spi.sink.SinkProvider;
import dev.tapline.spi.source.SourceProvider;
import java.util.regex.Pattern;

/// What a plug-in can be.
public enum PluginKind {
  /// Where data comes from.
  SOURCE("source", SourceProvider.class, "[a-z][a-z0-9-]*"),
  /// How a stream is replicated.
  METHOD("replication method", ReplicationMethodProvider.class, "[A-Z][A-Z0-9_]*"),
  /// Where data goes.
  SINK("sink", SinkProvider.class, "[a-z][a-z0-9-]*");

  private final String label;
  private final Class<? extends Provider> service;
  private final Pattern names;

  PluginKind(String label, Class<? extends Provider> service, String names) {
    this.label = label;
    this.service = service;
    this.names = Pattern.compile(names);
  }

  /// The kind in the words of a message.
  public String label() {
    return label;
  }

  /// The service that a plug-in of this kind provides.
  Class<? extends Provider> service() {
    return service;
  }

  /// What a name must look like.
  Pattern names() {
    return names;
  }
}
