import org.jspecify.annotations.NullMarked;

/// The command line, the descriptor, plug-ins, the engine, the state, and the shipped methods.
@NullMarked
module dev.tapline.runtime {
  requires ch.qos.logback.classic;
  requires ch.qos.logback.core;
  requires dev.tapline.boot;
  requires dev.tapline.demo;
  requires dev.tapline.spi;
  requires info.picocli;
  requires java.logging;
  requires org.slf4j;
  requires static org.jspecify;
  requires org.snakeyaml.engine;
  requires tools.jackson.core;
  requires tools.jackson.databind;

  uses dev.tapline.spi.method.ReplicationMethodProvider;
  uses dev.tapline.spi.sink.SinkProvider;
  uses dev.tapline.spi.source.SourceProvider;

  provides ch.qos.logback.classic.spi.Configurator with
      dev.tapline.runtime.logging.QuietStart;
  provides dev.tapline.boot.Application with
      dev.tapline.runtime.cli.Main;
  provides dev.tapline.spi.method.ReplicationMethodProvider with
      dev.tapline.runtime.method.FullTableProvider,
      dev.tapline.runtime.method.IncrementalProvider,
      dev.tapline.runtime.method.LogBasedProvider;

  // picocli sets the annotated fields of the commands.
  opens dev.tapline.runtime.cli to
      info.picocli;
}
