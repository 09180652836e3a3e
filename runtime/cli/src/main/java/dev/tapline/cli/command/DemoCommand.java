package dev.tapline.cli.command;

import dev.tapline.cli.demo.DemoFolder;
import dev.tapline.cli.demo.DemoShutdown;
import dev.tapline.cli.descriptor.Descriptor;
import dev.tapline.demo.DemoServer;
import dev.tapline.plugins.LoadedPlugins;
import dev.tapline.spi.source.ChangeLog;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `runtime demo`.
@Command(
    name = "demo",
    description = {
      "Starts a PostgreSQL server of its own, fills a small shop, copies it to JSON Lines, and then follows its changes for some seconds.",
      "It needs no installation, no network and no configuration. The server listens on 127.0.0.1, lives in a temporary folder, and is gone afterwards; the pipeline and the files stay."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  runtime demo",
      "  runtime demo --dir /tmp/first-look",
      "  runtime demo --pipeline examples/parquet/pipeline.yaml",
      "",
      "Exit codes: 0 all well; 1 it failed; 130 and 143 stopped."
    })
public final class DemoCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger("demo");
  private static final int INTERRUPTED = 130;

  private static final String HOME = "tapline.home";

  private final CommandContext context;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      defaultValue = "tapline-demo",
      description = "Where to write the pipelines and their output. Default: ${DEFAULT-VALUE}.")
  private Path folder = Path.of("tapline-demo");

  @Option(
      names = "--pipeline",
      paramLabel = "FILE",
      description = {
        "Runs this pipeline too, on the demo's server, at the end. May be given several times.",
        "PGHOST, PGPORT, PGDATABASE, PGUSER and PGPASSWORD are the server's, whatever the environment says."
      })
  private List<Path> further = List.of();

  public DemoCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    DemoFolder demo = new DemoFolder(folder);
    demo.writePipelines();
    try (DemoShutdown ending = DemoShutdown.begin()) {
      try {
        return run(demo, ending);
      } catch (IOException | IllegalStateException e) {
        // Ctrl-C reaches the server's programs too, and no run can begin in a process that ends.
        if (ending.isRequested()) {
          LOG.debug("stopped", e);
          return INTERRUPTED;
        }
        throw e;
      }
    }
  }

  private int run(DemoFolder demo, DemoShutdown ending) throws IOException, InterruptedException {
    PrintStream out = context.out();
    LOG.info("starting a PostgreSQL server of its own, and filling a small shop");
    long began = System.nanoTime();
    try (DemoServer server = DemoServer.start(archives())) {
      ending.prepared();
      LOG.info(
          "the shop is open on {}:{}, after {} s",
          server.environment().get("PGHOST"),
          server.environment().get("PGPORT"),
          "%.1f".formatted((System.nanoTime() - began) / 1e9));
      LoadedPlugins plugins = context.plugins();
      List<Descriptor> furtherPipelines = new ArrayList<>();
      Map<String, String> variables = context.environmentWith(server.environment());
      for (Path file : further) {
        furtherPipelines.add(CommandContext.descriptor(file, plugins, variables));
      }
      out.print(demo.pipelineText());
      out.flush();
      Descriptor pipeline =
          CommandContext.descriptor(demo.pipelineFile(), plugins, server.environment());
      int code =
          new PipelineRunner(pipeline, plugins, out).run(List.of(), ChangeLog.Extent.UNTIL_NOW);
      if (code != 0 || ending.isRequested()) {
        return code;
      }
      out.print(demo.resultText());
      code = new DemoReplication(demo, server, plugins, out).run(ending);
      for (Descriptor each : furtherPipelines) {
        if (code != 0 || ending.isRequested()) {
          return code;
        }
        code = new PipelineRunner(each, plugins, out).run(List.of(), ChangeLog.Extent.UNTIL_NOW);
      }
      if (code != 0 || ending.isRequested()) {
        return code;
      }
    }
    out.print(demo.nextText());
    return 0;
  }

  /// Where the distribution keeps the server.
  private static Path archives() throws IOException {
    String home = System.getProperty(HOME);
    if (home == null) {
      throw new IOException("the property " + HOME + " is not set; start Tapline by bin/runtime");
    }
    return Path.of(home, "lib", "demo");
  }
}
