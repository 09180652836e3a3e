import org.jspecify.annotations.NullMarked;

/// Runs pipelines: selects streams, plans and reads their splits, makes checkpoints, keeps the
/// state. It knows of no descriptor, command line or log format.
@NullMarked
module dev.tapline.engine {
  requires transitive dev.tapline.spi;
  requires org.slf4j;
  requires static org.jspecify;
  requires tools.jackson.core;
  requires tools.jackson.databind;

  exports dev.tapline.engine;
  exports dev.tapline.engine.checkpoint;
  exports dev.tapline.engine.failure;
  exports dev.tapline.engine.plan;
  exports dev.tapline.engine.run;
  exports dev.tapline.engine.select;
  exports dev.tapline.engine.state;

  uses dev.tapline.spi.method.ReplicationMethodProvider;
  uses dev.tapline.spi.sink.SinkProvider;
  uses dev.tapline.spi.source.SourceProvider;

  provides dev.tapline.spi.method.ReplicationMethodProvider with
      dev.tapline.engine.method.FullTableProvider,
      dev.tapline.engine.method.IncrementalProvider,
      dev.tapline.engine.method.LogBasedProvider;
}
