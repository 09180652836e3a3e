import org.jspecify.annotations.NullMarked;

/// What a plug-in author sees of Tapline: configuration, catalog, batches, sources, replication
/// methods and sinks. It depends on `java.base` alone, so that a plug-in brings what else it needs
/// in the version it likes.
///
/// A plug-in is a module that provides a [dev.tapline.spi.source.SourceProvider], a
/// [dev.tapline.spi.sink.SinkProvider] or a [dev.tapline.spi.method.ReplicationMethodProvider], as
/// a jar or a folder of jars under `plugins/`.
@NullMarked
module dev.tapline.spi {
  requires static org.jspecify;

  exports dev.tapline.spi;
  exports dev.tapline.spi.batch;
  exports dev.tapline.spi.catalog;
  exports dev.tapline.spi.config;
  exports dev.tapline.spi.method;
  exports dev.tapline.spi.sink;
  exports dev.tapline.spi.source;
  exports dev.tapline.spi.thread;

  uses dev.tapline.spi.source.SourceProvider;
  uses dev.tapline.spi.sink.SinkProvider;
  uses dev.tapline.spi.method.ReplicationMethodProvider;
}
