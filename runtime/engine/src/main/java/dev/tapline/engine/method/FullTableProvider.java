package dev.tapline.engine.method;

import dev.tapline.spi.config.Config;
import dev.tapline.spi.config.ConfigSpec;
import dev.tapline.spi.method.ReplicationMethod;
import dev.tapline.spi.method.ReplicationMethodProvider;
import java.util.List;

/// `FULL_TABLE`.
public final class FullTableProvider implements ReplicationMethodProvider {
  @Override
  public String name() {
    return "FULL_TABLE";
  }

  @Override
  public List<String> calledElsewhere() {
    return List.of("full", "full-refresh", "snapshot", "full-table-replication");
  }

  @Override
  public String description() {
    return "Reads every row in each run and replaces the destination's version when the new one is complete.";
  }

  @Override
  public ConfigSpec config() {
    return ConfigSpec.of();
  }

  @Override
  public ReplicationMethod create(Config config) {
    return new FullTable();
  }
}
