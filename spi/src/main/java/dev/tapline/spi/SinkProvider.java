package dev.tapline.spi;

import dev.tapline.spi.config.Config;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkContext;

/// Makes sinks of one `type:`.
public interface SinkProvider extends Provider {
  /// A sink that has touched nothing yet: its first method call does.
  ///
  /// @param config values that have passed [#config()] and [#validate(Config)]
  /// @param context whose sink this is
  Sink create(Config config, SinkContext context);
}
