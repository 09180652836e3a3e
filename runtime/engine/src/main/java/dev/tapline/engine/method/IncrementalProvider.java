package dev.tapline.engine.method;

import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigSpec;
import dev.tapline.spi.method.ReplicationMethod;
import dev.tapline.spi.method.ReplicationMethodProvider;
import java.util.List;

/// `INCREMENTAL`.
public final class IncrementalProvider implements ReplicationMethodProvider {
  @Override
  public String name() {
    return "INCREMENTAL";
  }

  @Override
  public List<String> calledElsewhere() {
    return List.of("key-based", "key-based-incremental", "cursor", "append", "incremental-append");
  }

  @Override
  public String description() {
    return "Copies each table once, then brings the rows whose replication key has grown since: a time of the last change, or a growing number.";
  }

  @Override
  public ConfigSpec config() {
    return ConfigSpec.of();
  }

  @Override
  public ReplicationMethod create(Config config) {
    return new Incremental();
  }
}
