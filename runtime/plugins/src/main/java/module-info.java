import org.jspecify.annotations.NullMarked;

/// Finds plug-ins in folders and gives each a module layer of its own.
@NullMarked
module dev.tapline.plugins {
  requires transitive dev.tapline.boot;
  requires transitive dev.tapline.engine;
  requires transitive dev.tapline.spi;
  requires static org.jspecify;

  exports dev.tapline.plugins;

  uses dev.tapline.spi.method.ReplicationMethodProvider;
  uses dev.tapline.spi.sink.SinkProvider;
  uses dev.tapline.spi.source.SourceProvider;
}
