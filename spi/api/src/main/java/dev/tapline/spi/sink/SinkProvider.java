package dev.tapline.spi.sink;

import dev.tapline.spi.Provider;
import dev.tapline.spi.config.Config;

/// Makes sinks of one `type:`.
public interface SinkProvider extends Provider {
  /// A sink that has touched nothing yet: its first method call does.
  ///
  /// @param config values that have passed [#config()] and [#validate(Config)]
  /// @param context whose sink this is
  Sink create(Config config, SinkContext context);
}
