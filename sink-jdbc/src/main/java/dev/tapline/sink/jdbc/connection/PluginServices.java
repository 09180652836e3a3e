package dev.tapline.sink.jdbc.connection;

import java.lang.module.ModuleDescriptor;
import java.util.ServiceLoader;
import java.util.stream.Stream;

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

  /// The modules of the plug-in's folder; none on the class path.
  static Stream<ModuleDescriptor> modules() {
    ModuleLayer layer = PluginServices.class.getModule().getLayer();
    return layer == null ? Stream.empty() : layer.modules().stream().map(Module::getDescriptor);
  }

  /// Whether a jar that is no module names a provider of a service, by the service's name.
  static boolean isNamedBeside(String service) {
    Class<?> own = PluginServices.class;
    return own.getModule().getLayer() == null
        && own.getClassLoader().getResource("META-INF/services/" + service) != null;
  }
}
