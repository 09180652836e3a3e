package dev.tapline.cli.command;

import dev.tapline.cli.demo.DemoComparison;
import dev.tapline.cli.demo.DemoFolder;
import dev.tapline.cli.demo.DemoShutdown;
import dev.tapline.cli.descriptor.Descriptor;
import dev.tapline.demo.DemoServer;
import dev.tapline.demo.Shopkeeper;
import dev.tapline.engine.StopSignal;
import dev.tapline.engine.StreamProgress;
import dev.tapline.engine.state.FileStateStore;
import dev.tapline.plugins.LoadedPlugins;
import dev.tapline.spi.source.ChangeLog.Extent;
import dev.tapline.spi.thread.Threads;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The demo's second part: the shop goes on being changed while a continuous run follows it. At the
/// end the rows that came, replayed, must be what is in the shop.
final class DemoReplication {
  private static final Logger LOG = LoggerFactory.getLogger("demo");
  private static final Duration BUSY = Duration.ofSeconds(5);
  private static final Duration MOMENT = Duration.ofMillis(100);

  private final DemoFolder folder;
  private final DemoServer server;
  private final LoadedPlugins plugins;
  private final PrintStream out;
  private volatile List<StreamProgress> streams = List.of();

  DemoReplication(DemoFolder folder, DemoServer server, LoadedPlugins plugins, PrintStream out) {
    this.folder = folder;
    this.server = server;
    this.plugins = plugins;
    this.out = out;
  }

  /// @return the exit code
  int run(DemoShutdown ending) throws IOException, InterruptedException {
    out.print(folder.followingText());
    out.flush();
    Descriptor following = descriptor(folder.followingFile());
    forget(following);
    StopSignal stop = new StopSignal();
    CompletableFuture<Integer> trade = new CompletableFuture<>();
    Threads.daemon("shopkeeper", () -> trade(stop, trade), trade::completeExceptionally).start();
    int code =
        new PipelineRunner(following, plugins, out)
            .run(List.of(), Extent.CONTINUOUS, stop, begun -> streams = begun);
    stop.request();
    if (code != 0 || ending.isRequested()) {
      return code;
    }
    LOG.info(
        "the shop was changed in {} transactions; 'run' brings what was committed after the stop",
        outcome(trade));
    code = new PipelineRunner(following, plugins, out).run(List.of(), Extent.UNTIL_NOW);
    if (code != 0 || ending.isRequested()) {
      return code;
    }
    LOG.info("and 'run pipeline.yaml' reads every table once more, to compare");
    code =
        new PipelineRunner(descriptor(folder.pipelineFile()), plugins, out)
            .run(List.of(), Extent.UNTIL_NOW);
    if (code != 0 || ending.isRequested()) {
      return code;
    }
    out.print(folder.lastChangesText());
    DemoComparison comparison = folder.compare();
    out.print(comparison.text());
    return comparison.isEqual() ? 0 : 1;
  }

  private Descriptor descriptor(Path file) throws IOException {
    return CommandContext.descriptor(file, plugins, server.environment());
  }

  /// An earlier demo had another server, whose log is gone with it.
  private static void forget(Descriptor descriptor) throws IOException {
    try (FileStateStore store = descriptor.openState()) {
      store.forget(store.state().streams().keySet());
    }
  }

  /// Trades while the tables are copied, and some seconds more; then has the run stop.
  private void trade(StopSignal stop, CompletableFuture<Integer> trade) throws IOException {
    int moments = 0;
    try (Shopkeeper shopkeeper = server.shopkeeper()) {
      long followingSince = 0;
      while (!stop.await(MOMENT)) {
        shopkeeper.trade();
        moments++;
        if (followingSince == 0 && isFollowing()) {
          followingSince = System.nanoTime();
        } else if (followingSince != 0 && System.nanoTime() - followingSince > BUSY.toNanos()) {
          break;
        }
      }
      trade.complete(moments);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      trade.completeExceptionally(e);
    } finally {
      stop.request();
    }
  }

  private boolean isFollowing() {
    return !streams.isEmpty()
        && streams.stream().allMatch(stream -> stream.status() == StreamProgress.Status.FOLLOWING);
  }

  private static int outcome(CompletableFuture<Integer> trade) throws IOException {
    try {
      return trade.join();
    } catch (CompletionException e) {
      throw new IOException("the shop could not be changed: " + e.getCause(), e);
    }
  }
}
