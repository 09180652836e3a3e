package dev.tapline.cli.command;

import dev.tapline.cli.descriptor.Descriptor;
import dev.tapline.cli.options.UsageException;
import dev.tapline.cli.singer.SingerCatalog;
import dev.tapline.cli.singer.TapCatalog;
import dev.tapline.cli.singer.TapConfig;
import dev.tapline.cli.singer.TapFolder;
import dev.tapline.engine.Pipeline;
import dev.tapline.engine.PluginFactory;
import dev.tapline.engine.checkpoint.CurrentState;
import dev.tapline.plugins.LoadedPlugins;
import dev.tapline.plugins.SupportedMethods;
import dev.tapline.spi.catalog.Catalog;
import dev.tapline.spi.source.ChangeLog;
import dev.tapline.spi.source.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `runtime tap`.
@Command(
    name = "tap",
    description = {
      "Runs as a Singer tap: writes Singer's messages to standard output, or with --discover the catalog of what could be read.",
      "The configuration has the keys of a descriptor: 'source', and if need be 'streams', 'method', 'engine' and options of the 'sink'; or those of Singer's tap-postgres."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  runtime tap --config config.json --discover > catalog.json",
      "  runtime tap --config config.json --catalog catalog.json | target-x >> state.json",
      "  tail -1 state.json > last.json",
      "  runtime tap --config config.json --catalog catalog.json --state last.json | target-x >> state.json",
      "",
      "bin/tap-tapline is the same command under a name of Singer's, for Meltano for instance.",
      "Exit codes: 0 all streams done; 1 a stream failed, the others are done; 2 a file or the call is wrong;",
      "130 and 143 stopped."
    })
public final class TapCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger("tap");

  private final CommandContext context;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      required = true,
      description = "The configuration, JSON or YAML.")
  private Path config = Path.of("");

  @Option(
      names = {"-d", "--discover"},
      description = "Print the catalog, and read no rows.")
  private boolean discover;

  @Option(
      names = {"--catalog", "-p", "--properties"},
      paramLabel = "FILE",
      description = "The catalog, with what is selected. Default: the configuration's 'streams'.")
  private @Nullable Path catalog;

  @Option(
      names = {"-s", "--state"},
      paramLabel = "FILE",
      description =
          "The last state that the target has written; its lines, of which the last one counts, will do. Default: every stream begins anew.")
  private @Nullable Path state;

  public TapCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    require("--config", config);
    LoadedPlugins plugins = context.plugins();
    try (TapFolder folder = TapFolder.create()) {
      return discover ? discover(plugins, folder) : run(plugins, folder);
    }
  }

  private int run(LoadedPlugins plugins, TapFolder folder)
      throws IOException, InterruptedException {
    TapConfig completed = new TapConfig(folder, given(folder), selected());
    Descriptor descriptor = completed.placed(context.descriptor(config, plugins, completed));
    Pipeline pipeline = descriptor.pipeline();
    if (!completed.saysStreams() && catalog == null) {
      throw new UsageException(
          "nothing says which tables to read: give a --catalog that selects some (--discover writes one), or '%s' a list 'streams'"
              .formatted(config));
    }
    if (completed.beginsAnew()) {
      LOG.warn(
          "no --state is given, so every stream begins anew; where streams are LOG_BASED, the server keeps its log for their slot until a run is given one");
    }
    if (!CurrentState.isKeptAtDestination(pipeline, plugins)) {
      throw new UsageException(
          config + ": a tap writes Singer's messages; take 'type' and 'format' out of 'sink'");
    }
    boolean recordsStay = !descriptor.stateFolder().equals(folder.path());
    return new PipelineRunner(descriptor, plugins, context.out(), false, recordsStay)
        .run(List.of(), ChangeLog.Extent.UNTIL_NOW);
  }

  private Optional<TapCatalog> selected() throws IOException {
    Path file = catalog;
    if (file == null) {
      return Optional.empty();
    }
    require("--catalog", file);
    return Optional.of(TapCatalog.read(file));
  }

  private Optional<Path> given(TapFolder folder) throws IOException {
    Path file = state;
    if (file == null) {
      return Optional.empty();
    }
    require("--state", file);
    return Optional.of(
        Files.isRegularFile(file)
            ? file.toAbsolutePath()
            : Files.write(folder.path().resolve("given.json"), Files.readAllBytes(file)));
  }

  private static void require(String option, Path file) throws UsageException {
    // A pipe is good, too.
    if (!Files.exists(file) || Files.isDirectory(file)) {
      throw new UsageException("%s: there is no file '%s'".formatted(option, file));
    }
  }

  private int discover(LoadedPlugins plugins, TapFolder folder)
      throws IOException, InterruptedException {
    TapConfig completed = new TapConfig(folder, Optional.empty(), Optional.empty());
    Pipeline pipeline = context.descriptor(config, plugins, completed).pipeline();
    Catalog found;
    SupportedMethods possible;
    try (Source source = PluginFactory.source(pipeline, plugins)) {
      found = source.discover();
      possible = SupportedMethods.of(found, source, plugins);
    }
    boolean chosen = completed.saysStreams();
    SingerCatalog offered = new SingerCatalog(found, possible, pipeline, plugins, chosen);
    context.out().print(chosen ? offered.textOfSelected() : offered.text());
    DiscoverCommand.tell(found);
    return 0;
  }
}
