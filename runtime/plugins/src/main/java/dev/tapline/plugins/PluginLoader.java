package dev.tapline.plugins;

import dev.tapline.boot.Launcher;
import dev.tapline.engine.PluginFault;
import dev.tapline.engine.PluginRegistry;
import dev.tapline.plugins.PluginFolders.Candidate;
import dev.tapline.plugins.PluginProblem.Effect;
import dev.tapline.spi.Provider;
import dev.tapline.spi.method.ReplicationMethodProvider;
import dev.tapline.spi.sink.SinkProvider;
import dev.tapline.spi.source.SourceProvider;
import dev.tapline.spi.thread.Threads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;

/// Loads plug-ins, each into a module layer of its own.
///
/// What is wrong with one plug-in never keeps another from loading: it becomes a [PluginProblem].
public final class PluginLoader {
  private static final String BUILT_IN = "runtime";

  private final PluginModules code;

  private PluginLoader(Launcher boot) {
    this.code = new PluginModules(boot);
  }

  /// What came of one candidate.
  private record Found(List<Plugin> plugins, List<PluginProblem> problems) {}

  /// Loads what the runtime itself provides, and what lies in the folders.
  ///
  /// @param boot makes the layers
  /// @param folders folders of plug-ins; one that is not there holds none
  /// @throws IOException if a folder cannot be listed
  public static LoadedPlugins load(Launcher boot, List<Path> folders) throws IOException {
    PluginLoader loader = new PluginLoader(boot);
    List<Candidate> candidates = new ArrayList<>();
    for (Path folder : folders) {
      candidates.addAll(PluginFolders.candidates(folder));
    }
    List<Plugin> plugins = new ArrayList<>(builtIn());
    List<PluginProblem> problems = new ArrayList<>();
    // Looking through jars takes long, and nothing else can be done meanwhile.
    try (ExecutorService threads =
        Threads.pool("plug-ins", Runtime.getRuntime().availableProcessors())) {
      List<CompletableFuture<Found>> all =
          candidates.stream()
              .map(each -> CompletableFuture.supplyAsync(() -> loader.load(each), threads))
              .toList();
      for (CompletableFuture<Found> each : all) {
        Found found = each.join();
        plugins.addAll(found.plugins());
        problems.addAll(found.problems());
      }
    }
    return LoadedPlugins.unambiguous(plugins, problems);
  }

  private static List<Plugin> builtIn() {
    Module engine = PluginRegistry.class.getModule();
    List<Plugin> found = new ArrayList<>();
    for (PluginKind kind : PluginKind.values()) {
      providers(kind, engine.getLayer(), engine.getClassLoader()).stream()
          .filter(provider -> provider.type().getModule().equals(engine))
          .forEach(provider -> found.add(plugin(kind, provider.get(), engine, BUILT_IN)));
    }
    return found;
  }

  private Found load(Candidate candidate) {
    String location = candidate.location().toString();
    if (candidate.jars().isEmpty()) {
      PluginProblem empty =
          new PluginProblem(
              location, "there is no jar in this folder; fill or remove it", Effect.NONE);
      return new Found(List.of(), List.of(empty));
    }
    List<PluginProblem> problems = new ArrayList<>();
    List<Plugin> plugins = new ArrayList<>();
    try {
      PluginModules.Loaded loaded =
          code.load(
              candidate.jars(),
              warning -> problems.add(new PluginProblem(location, warning, Effect.NONE)));
      plugins.addAll(provided(loaded, location));
      if (plugins.isEmpty()) {
        problems.add(nothingProvided(candidate, loaded.notModules()));
      }
    } catch (PluginException | PluginFault e) {
      problems.add(new PluginProblem(location, String.valueOf(e.getMessage()), Effect.UNUSABLE));
    } catch (RuntimeException | Error e) {
      // Whatever the constructor of a provider throws must not end a run that does not want it.
      problems.add(
          new PluginProblem(location, "it cannot be loaded: " + withCauses(e), Effect.UNUSABLE));
    }
    return new Found(plugins, problems);
  }

  private static List<Plugin> provided(PluginModules.Loaded loaded, String location) {
    List<Plugin> found = new ArrayList<>();
    for (PluginKind kind : PluginKind.values()) {
      for (ServiceLoader.Provider<? extends Provider> provider :
          providers(kind, loaded.layer(), loaded.loader())) {
        // The type is looked at first: an ancestor's provider must not even be instantiated.
        if (loaded.loader().equals(provider.type().getClassLoader())) {
          Provider guarded = PluginCallProxy.guard(kind, provider.get(), loaded.loader(), location);
          found.add(plugin(kind, guarded, provider.type().getModule(), location));
        }
      }
    }
    return found;
  }

  private static PluginProblem nothingProvided(Candidate candidate, String notModules) {
    String jars =
        String.join(
            ", ", candidate.jars().stream().map(jar -> jar.getFileName().toString()).toList());
    return notModules.isEmpty()
        ? new PluginProblem(
            candidate.location().toString(),
            "no module in " + jars + " provides a source, a replication method or a sink",
            Effect.FATAL)
        : new PluginProblem(
            candidate.location().toString(),
            "its jars ("
                + jars
                + ") cannot be modules side by side ("
                + notModules
                + "), and none names a provider in META-INF/services either",
            Effect.UNUSABLE);
  }

  private static String withCauses(Throwable thrown) {
    StringBuilder text = new StringBuilder(thrown.toString());
    for (Throwable cause = thrown.getCause(); cause != null; cause = cause.getCause()) {
      text.append(": ").append(cause);
    }
    return text.toString();
  }

  private static Plugin plugin(PluginKind kind, Provider provider, Module module, String location) {
    String name = provider.name();
    if (!kind.names().matcher(name).matches()) {
      throw new IllegalArgumentException(
          "the "
              + kind.label()
              + " calls itself '"
              + name
              + "', which does not match "
              + kind.names());
    }
    if (provider.config().names().contains("type")) {
      throw new IllegalArgumentException(
          "the "
              + kind.label()
              + " '"
              + name
              + "' declares the key 'type', which is the runtime's");
    }
    String version =
        Optional.ofNullable(module.getDescriptor())
            .flatMap(java.lang.module.ModuleDescriptor::rawVersion)
            .orElse("");
    return new Plugin(kind, name, provider, version, location);
  }

  // One call for each service, written out: a module may load only what it says that it uses.
  private static List<? extends ServiceLoader.Provider<? extends Provider>> providers(
      PluginKind kind, @org.jspecify.annotations.Nullable ModuleLayer layer, ClassLoader loader) {
    return switch (kind) {
      case SOURCE ->
          providers(
              layer == null
                  ? ServiceLoader.load(SourceProvider.class, loader)
                  : ServiceLoader.load(layer, SourceProvider.class));
      case METHOD ->
          providers(
              layer == null
                  ? ServiceLoader.load(ReplicationMethodProvider.class, loader)
                  : ServiceLoader.load(layer, ReplicationMethodProvider.class));
      case SINK ->
          providers(
              layer == null
                  ? ServiceLoader.load(SinkProvider.class, loader)
                  : ServiceLoader.load(layer, SinkProvider.class));
    };
  }

  private static <S> List<ServiceLoader.Provider<S>> providers(ServiceLoader<S> loader) {
    return loader.stream().toList();
  }
}
