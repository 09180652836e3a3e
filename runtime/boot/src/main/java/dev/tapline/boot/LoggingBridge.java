package dev.tapline.boot;

import org.jspecify.annotations.Nullable;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/// The SLF4J provider of the boot layer: it hands everything to the one in the runtime's layer.
///
/// SLF4J looks for its provider from the loader of its own API, which cannot see the runtime's
/// layer. With this, plug-ins share the API and not the logging library.
public final class LoggingBridge implements SLF4JServiceProvider {
  private static volatile @Nullable SLF4JServiceProvider target;

  /// For SLF4J.
  public LoggingBridge() {}

  static void delegateTo(SLF4JServiceProvider provider) {
    target = provider;
  }

  @Override
  public void initialize() {
    target().initialize();
  }

  @Override
  public ILoggerFactory getLoggerFactory() {
    return target().getLoggerFactory();
  }

  @Override
  public IMarkerFactory getMarkerFactory() {
    return target().getMarkerFactory();
  }

  @Override
  public MDCAdapter getMDCAdapter() {
    return target().getMDCAdapter();
  }

  @Override
  public String getRequestedApiVersion() {
    return target().getRequestedApiVersion();
  }

  private static SLF4JServiceProvider target() {
    SLF4JServiceProvider provider = target;
    if (provider == null) {
      throw new IllegalStateException("something logged before the runtime was loaded");
    }
    return provider;
  }
}
