package dev.tapline.cli.command;

import dev.tapline.boot.Launcher;
import dev.tapline.cli.descriptor.Descriptor;
import dev.tapline.cli.descriptor.DescriptorReader;
import dev.tapline.cli.descriptor.StateLocation;
import dev.tapline.cli.options.GlobalOptions;
import dev.tapline.cli.options.UsageException;
import dev.tapline.plugins.LoadedPlugins;
import dev.tapline.plugins.PluginLoader;
import dev.tapline.plugins.PluginProblem;
import dev.tapline.plugins.PluginProblem.Effect;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the commands of one command line have in common: where things are, and how to get at
/// plug-ins and pipelines.
public final class CommandContext {
  private static final Logger LOG = LoggerFactory.getLogger("plugins");
  private static final String PLUGINS = "TAPLINE_PLUGINS";

  private final Plugins plugins;
  private final Map<String, String> environment;
  private final GlobalOptions options;
  private final PrintStream out;

  /// Loads plug-ins from folders besides those that are always looked into.
  public interface Plugins {
    LoadedPlugins load(List<Path> folders) throws IOException;
  }

  public CommandContext(
      Plugins plugins, Map<String, String> environment, GlobalOptions options, PrintStream out) {
    this.plugins = plugins;
    this.environment = environment;
    this.options = options;
    this.out = out;
  }

  /// The plug-ins of a distribution.
  public static Plugins distribution(Path home, Launcher boot) {
    return folders -> {
      List<Path> all = new ArrayList<>(List.of(home.resolve("plugins")));
      all.addAll(folders);
      return PluginLoader.load(boot, all);
    };
  }

  /// Standard output: for data and reports.
  PrintStream out() {
    return out;
  }

  /// All plug-ins, whatever is wrong with some.
  ///
  /// @throws UsageException if a folder that the user named is not there
  LoadedPlugins allPlugins() throws IOException {
    return plugins.load(folders());
  }

  /// The plug-ins, to run something with. What is wrong with single ones goes to the log.
  ///
  /// @throws IOException if it is not clear which plug-ins there are
  LoadedPlugins plugins() throws IOException {
    LoadedPlugins loaded = allPlugins();
    for (PluginProblem problem : loaded.problems()) {
      if (problem.effect() != Effect.FATAL) {
        LOG.warn("{}", problem);
      }
    }
    loaded.requireSound();
    return loaded;
  }

  /// The pipeline of a descriptor.
  ///
  /// @throws dev.tapline.cli.descriptor.DescriptorException if it is not right
  Descriptor descriptor(Path descriptor, LoadedPlugins among) throws IOException {
    return new DescriptorReader(among, environment).read(descriptor);
  }

  /// Where the pipeline of a descriptor keeps its state, which takes no plug-in and no secret to
  /// know.
  ///
  /// @throws dev.tapline.cli.descriptor.DescriptorException if the descriptor does not tell
  StateLocation stateLocation(Path descriptor) throws IOException {
    return StateLocation.read(descriptor, environment);
  }

  /// Whether stack traces shall be shown.
  boolean debug() {
    return options.debug();
  }

  /// The pipeline of a file that says a part of it only.
  ///
  /// @throws dev.tapline.cli.descriptor.DescriptorException if it is not right
  Descriptor descriptor(
      Path file, LoadedPlugins among, UnaryOperator<Map<String, @Nullable Object>> completion)
      throws IOException {
    return new DescriptorReader(among, environment).read(file, completion);
  }

  /// The pipeline of a descriptor, whose `${env:NAME}` mean `variables`.
  ///
  /// @throws dev.tapline.cli.descriptor.DescriptorException if it is not right
  static Descriptor descriptor(Path descriptor, LoadedPlugins among, Map<String, String> variables)
      throws IOException {
    return new DescriptorReader(among, variables).read(descriptor);
  }

  /// The environment's variables, where `others` does not say otherwise.
  Map<String, String> environmentWith(Map<String, String> others) {
    Map<String, String> all = new HashMap<>(environment);
    all.putAll(others);
    return all;
  }

  private List<Path> folders() throws UsageException {
    List<Path> folders = new ArrayList<>(options.plugins());
    String origin = "--plugins";
    if (folders.isEmpty()) {
      origin = PLUGINS;
      for (String folder : environment.getOrDefault(PLUGINS, "").split(File.pathSeparator, -1)) {
        if (!folder.isBlank()) {
          folders.add(Path.of(folder));
        }
      }
    }
    for (Path folder : folders) {
      if (!Files.isDirectory(folder)) {
        throw new UsageException(origin + ": there is no folder " + folder);
      }
    }
    return folders;
  }
}
