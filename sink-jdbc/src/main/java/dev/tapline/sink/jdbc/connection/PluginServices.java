package dev.tapline.sink.jdbc.connection;

import java.util.ServiceLoader;

/// Services in the plug-in's folder: those of its module layer, or on the class path in tests.
final class PluginServices {
  private PluginServices() {}

  static <S> ServiceLoader<S> load(Class<S> service) {
    Class<?> own = PluginServices.class;
    ModuleLayer layer = own.getModule().getLayer();
    return layer == null
        ? ServiceLoader.load(service, own.getClassLoader())
        : ServiceLoader.load(layer, service);
  }
}
