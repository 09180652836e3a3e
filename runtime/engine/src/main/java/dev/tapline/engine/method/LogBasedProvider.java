package dev.tapline.engine.method;

import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigSpec;
import dev.tapline.spi.method.ReplicationMethod;
import dev.tapline.spi.method.ReplicationMethodProvider;
import java.util.List;

/// `LOG_BASED`.
public final class LogBasedProvider implements ReplicationMethodProvider {
  @Override
  public String name() {
    return "LOG_BASED";
  }

  @Override
  public List<String> calledElsewhere() {
    return List.of("cdc", "log", "wal", "logical", "logical-replication", "change-data-capture");
  }

  @Override
  public String description() {
    return "Copies each table once, then brings every insert, update, delete and truncate from the database's log.";
  }

  @Override
  public ConfigSpec config() {
    return ConfigSpec.of();
  }

  @Override
  public ReplicationMethod create(Config config) {
    return new LogBased();
  }
}
