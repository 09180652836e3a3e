package dev.tapline.plugins;

import dev.tapline.boot.Launcher;
import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolutionException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Makes the code of one plug-in loadable: as a module layer, or, where its jars cannot be modules
/// side by side, as a class loader whose unnamed module holds them all.
final class PluginModules {
  private final Launcher boot;
  private final SharedModules shared;

  PluginModules(Launcher boot) {
    this.boot = boot;
    this.shared = new SharedModules(ModuleLayer.boot());
  }

  /// What a plug-in's providers are looked for in.
  ///
  /// @param layer the layer, unless the jars could not be modules
  /// @param loader the one loader of all its classes
  /// @param notModules why the jars could not be modules; nothing when there is a layer
  record Loaded(@Nullable ModuleLayer layer, ClassLoader loader, String notModules) {}

  /// @param jars all of the plug-in
  /// @param warnings is told what was left out
  /// @throws PluginException if a jar is broken, or the plug-in cannot run on this SPI
  Loaded load(List<Path> jars, Consumer<String> warnings) throws PluginException {
    Map<String, ModuleReference> modules = new LinkedHashMap<>();
    List<Path> kept = new ArrayList<>();
    List<String> notModules = new ArrayList<>();
    for (Path jar : jars) {
      try {
        ModuleReference module = module(jar);
        if (isBundledCopy(jar, module.descriptor(), warnings)) {
          continue;
        }
        requireCompatible(jar, module.descriptor());
        ModuleReference twin = modules.put(module.descriptor().name(), module);
        if (twin != null) {
          throw new PluginException(
              "the module "
                  + module.descriptor().name()
                  + " is in two of its jars, the second of which is "
                  + jar.getFileName()
                  + "; remove one");
        }
      } catch (FindException e) {
        notModules.add(deepest(e));
      }
      kept.add(jar);
    }
    if (notModules.isEmpty()) {
      try {
        ModuleLayer layer = layer(modules);
        return new Loaded(layer, loaderOf(layer), "");
      } catch (FindException | ResolutionException | LayerInstantiationException e) {
        notModules.add(deepest(e));
      }
    }
    return new Loaded(null, classLoader(kept), String.join("; ", notModules));
  }

  private static ModuleReference module(Path jar) throws PluginException {
    try {
      ModuleReference module = ModuleFinder.of(jar).findAll().iterator().next();
      if (module.descriptor().packages().isEmpty()) {
        requireReadable(jar);
      }
      return module;
    } catch (FindException e) {
      requireReadable(jar);
      throw e;
    }
  }

  private ModuleLayer layer(Map<String, ModuleReference> modules) {
    // The plug-in's modules stand before the boot layer's: each plug-in has its own versions.
    return boot.defineLayer(
        Configuration.resolve(
            new Found(modules),
            List.of(ModuleLayer.boot().configuration()),
            ModuleFinder.of(),
            modules.keySet()));
  }

  /// Finds what has been found already: looking through a jar once more costs as much as the first
  /// time.
  private record Found(Map<String, ModuleReference> modules) implements ModuleFinder {
    @Override
    public Optional<ModuleReference> find(String name) {
      return Optional.ofNullable(modules.get(name));
    }

    @Override
    public Set<ModuleReference> findAll() {
      return Set.copyOf(modules.values());
    }
  }

  private static ClassLoader loaderOf(ModuleLayer layer) {
    return layer.modules().stream()
        .findFirst()
        .map(Module::getClassLoader)
        .orElseThrow(() -> new FindException("there is no module in it"));
  }

  private static ClassLoader classLoader(List<Path> jars) throws PluginException {
    List<URL> urls = new ArrayList<>();
    for (Path jar : jars) {
      try {
        urls.add(jar.toUri().toURL());
      } catch (MalformedURLException e) {
        throw new PluginException(jar + " cannot be written as a URL: " + e.getMessage());
      }
    }
    // It lives as long as the process: there is no moment at which a plug-in's classes are done
    // with.
    return new URLClassLoader(urls.toArray(URL[]::new), Launcher.class.getClassLoader());
  }

  private boolean isBundledCopy(Path jar, ModuleDescriptor bundled, Consumer<String> warnings) {
    Optional<ModuleDescriptor> original = shared.sharedBy(bundled);
    original
        .filter(module -> !module.rawVersion().equals(bundled.rawVersion()))
        .ifPresent(module ->
            warnings.accept(
                jar.getFileName()
                    + " is ignored, since "
                    + module.toNameAndVersion()
                    + " is what every plug-in shares; leave it out of the plug-in"));
    return original.isPresent();
  }

  private void requireCompatible(Path jar, ModuleDescriptor module) throws PluginException {
    Optional<String> reason = shared.incompatibility(module);
    if (reason.isPresent()) {
      throw new PluginException(jar.getFileName() + ": " + reason.get());
    }
  }

  private static void requireReadable(Path jar) throws PluginException {
    try (JarFile file = new JarFile(jar.toFile())) {
      if (file.size() == 0) {
        throw new PluginException(jar.getFileName() + " is empty; copy it again");
      }
    } catch (PluginException e) {
      throw e;
    } catch (IOException e) {
      throw new PluginException(
          jar.getFileName()
              + " is not a jar that can be read: "
              + e.getMessage()
              + "; copy it again");
    }
  }

  private static String deepest(Throwable thrown) {
    return java.util.stream.Stream.iterate(thrown, cause -> cause != null, Throwable::getCause)
        .map(cause -> String.valueOf(cause.getMessage()))
        .distinct()
        .collect(Collectors.joining(": "));
  }
}
