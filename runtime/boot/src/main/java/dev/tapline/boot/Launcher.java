package dev.tapline.boot;

import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolutionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import org.slf4j.spi.SLF4JServiceProvider;

/// Builds the runtime's module layer from `<home>/lib/runtime` and hands over to it.
///
/// `java -p <home>/lib/boot --add-modules ALL-DEFAULT --enable-native-access=dev.tapline.boot
/// -Dtapline.home=<home> -m dev.tapline.boot/dev.tapline.boot.Launcher` starts it. `ALL-DEFAULT` is
/// for plug-ins, whose automatic modules cannot say which of the JDK's modules they need.
public final class Launcher {
  private static final String HOME = "tapline.home";
  private static final String RUNTIME = "dev.tapline.cli";

  private Launcher() {}

  /// Runs the command line and exits with its code.
  ///
  /// When a signal is already ending the process, it returns instead: `System.exit` would wait for
  /// the shutdown hooks, one of which may wait for this thread.
  public static void main(String[] arguments) {
    int code = launch(arguments);
    if (!shuttingDown()) {
      System.exit(code);
    }
  }

  /// Makes a layer of one loader as a child of the boot layer, whose modules may call native code.
  ///
  /// @param configuration resolved with the boot layer's configuration as its only parent
  /// @throws java.lang.LayerInstantiationException if two modules have a package in common
  // Native access is a restricted operation, which the command line grants to this module alone.
  @SuppressWarnings("restricted")
  public ModuleLayer defineLayer(Configuration configuration) {
    ModuleLayer.Controller controller =
        ModuleLayer.defineModulesWithOneLoader(
            configuration, List.of(ModuleLayer.boot()), ClassLoader.getPlatformClassLoader());
    for (Module module : controller.layer().modules()) {
      controller.enableNativeAccess(module);
    }
    return controller.layer();
  }

  private static int launch(String[] arguments) {
    Launcher launcher = new Launcher();
    try {
      Path home = home();
      ModuleLayer layer = launcher.defineLayer(runtime(home.resolve("lib").resolve("runtime")));
      exportTo(layer);
      LoggingBridge.delegateTo(provider(layer, SLF4JServiceProvider.class));
      Application application = provider(layer, Application.class);
      Thread.currentThread().setContextClassLoader(application.getClass().getClassLoader());
      return application.run(home, launcher, arguments);
    } catch (IOException
        | FindException
        | ResolutionException
        | LayerInstantiationException
        | ServiceConfigurationError e) {
      String cause = e.getCause() == null ? "" : ": " + e.getCause();
      System.err.println(
          "runtime: this installation of Tapline is broken: " + e.getMessage() + cause);
      return 1;
    } catch (RuntimeException | Error e) {
      // The command line tells of its own; this is from where it begins or ends.
      System.err.println("runtime: an error inside Tapline: " + e + "; report it");
      return 1;
    }
  }

  // A qualified export in the module's declaration reaches only the compiler: the modules of the
  // child layer are not known yet when the boot layer is made.
  private static void exportTo(ModuleLayer layer) {
    Module boot = Launcher.class.getModule();
    layer.modules().stream()
        .filter(module -> module.canRead(boot))
        .forEach(module -> boot.addExports(Launcher.class.getPackageName(), module));
  }

  private static Path home() throws IOException {
    @Nullable String home = System.getProperty(HOME);
    if (home == null) {
      throw new IOException("the property " + HOME + " is not set; start Tapline by bin/runtime");
    }
    return Path.of(home).toAbsolutePath().normalize();
  }

  private static Configuration runtime(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new IOException("there is no folder " + folder);
    }
    return Configuration.resolveAndBind(
        ModuleFinder.of(folder),
        List.of(ModuleLayer.boot().configuration()),
        ModuleFinder.of(),
        List.of(RUNTIME));
  }

  private static <S> S provider(ModuleLayer layer, Class<S> service) throws IOException {
    // A service loader of a layer also finds the providers of its ancestors.
    return ServiceLoader.load(layer, service).stream()
        .filter(provider -> layer.equals(provider.type().getModule().getLayer()))
        .findFirst()
        .orElseThrow(() -> new IOException("no module provides " + service.getName()))
        .get();
  }

  private static boolean shuttingDown() {
    Thread probe = new Thread(() -> {});
    try {
      Runtime.getRuntime().addShutdownHook(probe);
      Runtime.getRuntime().removeShutdownHook(probe);
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }
}
