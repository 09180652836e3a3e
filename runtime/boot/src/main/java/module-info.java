import org.jspecify.annotations.NullMarked;

/// Starts the runtime in a module layer of its own. The boot layer holds this module, the SPI and
/// the SLF4J API and nothing else, so that a plug-in, whose layer is a child of the boot layer,
/// never meets a library that the runtime uses.
@NullMarked
module dev.tapline.boot {
  requires dev.tapline.spi;
  requires org.slf4j;
  requires static org.jspecify;

  exports dev.tapline.boot to
      dev.tapline.plugins,
      dev.tapline.cli;

  uses dev.tapline.boot.Application;
  uses org.slf4j.spi.SLF4JServiceProvider;

  provides org.slf4j.spi.SLF4JServiceProvider with
      dev.tapline.boot.LoggingBridge;
}
