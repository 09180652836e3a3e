package dev.tapline.spi.source;

import dev.tapline.spi.Provider;
import dev.tapline.spi.config.Config;

/// Makes sources of one `type:`.
public interface SourceProvider extends Provider {
  /// A source that has not connected yet: its first method call does.
  ///
  /// @param config values that have passed [#config()] and [#validate(Config)]
  Source create(Config config);
}
