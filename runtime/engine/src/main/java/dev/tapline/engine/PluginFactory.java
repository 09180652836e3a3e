package dev.tapline.engine;

import dev.tapline.spi.sink.GrowingClock;
import dev.tapline.spi.sink.Sink;
import dev.tapline.spi.sink.SinkContext;
import dev.tapline.spi.source.Source;
import java.io.IOException;

/// Makes the source and the sink that a pipeline names.
public final class PluginFactory {
  private PluginFactory() {}

  /// The pipeline's source; it has not connected yet.
  ///
  /// @throws IOException if there is no such plug-in
  public static Source source(Pipeline pipeline, PluginRegistry plugins) throws IOException {
    return plugins
        .source(pipeline.source().type())
        .orElseThrow(() -> new IOException(missing("source", pipeline.source().type())))
        .create(pipeline.source().config());
  }

  /// The pipeline's sink; it has touched nothing yet. To look at what is there, not to write rows.
  ///
  /// @throws IOException if there is no such plug-in
  public static Sink sink(Pipeline pipeline, PluginRegistry plugins) throws IOException {
    return sink(pipeline, plugins, new SinkContext(pipeline.name()));
  }

  /// The pipeline's sink, to write rows; it has touched nothing yet.
  ///
  /// @param clock what the run names and numbers by time
  /// @throws IOException if there is no such plug-in
  public static Sink sink(Pipeline pipeline, PluginRegistry plugins, GrowingClock clock)
      throws IOException {
    return sink(pipeline, plugins, new SinkContext(pipeline.name(), clock));
  }

  private static Sink sink(Pipeline pipeline, PluginRegistry plugins, SinkContext context)
      throws IOException {
    return plugins
        .sink(pipeline.sink().type())
        .orElseThrow(() -> new IOException(missing("sink", pipeline.sink().type())))
        .create(pipeline.sink().config(), context);
  }

  static String missing(String kind, String type) {
    return "there is no " + kind + " plug-in '" + type + "'";
  }
}
