import org.jspecify.annotations.NullMarked;

/// The command line of Tapline.
@NullMarked
module dev.tapline.cli {
  requires ch.qos.logback.classic;
  requires ch.qos.logback.core;
  requires dev.tapline.boot;
  requires dev.tapline.demo;
  requires dev.tapline.engine;
  requires dev.tapline.plugins;
  requires dev.tapline.spi;
  requires info.picocli;
  requires jul.to.slf4j;
  requires org.slf4j;
  requires static org.jspecify;
  requires org.snakeyaml.engine;
  requires tools.jackson.core;
  requires tools.jackson.databind;

  provides ch.qos.logback.classic.spi.Configurator with
      dev.tapline.cli.logging.StartupConfigurator;
  provides dev.tapline.boot.Application with
      dev.tapline.cli.Main;

  // picocli sets the annotated fields of the commands and of the options that they share.
  opens dev.tapline.cli.command to
      info.picocli;
  opens dev.tapline.cli.options to
      info.picocli;
}
