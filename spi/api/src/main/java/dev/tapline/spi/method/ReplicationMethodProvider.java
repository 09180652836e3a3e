package dev.tapline.spi.method;

import dev.tapline.spi.Provider;
import dev.tapline.spi.config.Config;

/// Makes replication methods of one name.
public interface ReplicationMethodProvider extends Provider {
  /// A method for one run. It lives until the last read that it planned has ended.
  ///
  /// @param config values that have passed [#config()] and [#validate(Config)]
  ReplicationMethod create(Config config);
}
