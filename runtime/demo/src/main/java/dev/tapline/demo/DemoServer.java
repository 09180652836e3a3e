package dev.tapline.demo;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// A PostgreSQL server of its own, with a small shop in the database `shop`: 500,000 rows in five
/// tables, the same each time. It listens on 127.0.0.1 alone, on a free port, lives in a temporary
/// folder, and lets in two roles: one that may read tables and the log and nothing else, and the
/// [Shopkeeper].
///
/// It ends, and its folder goes, with [#close] or with this process, even by `kill -9`. For one
/// thread at a time, but for [#close].
public final class DemoServer implements Closeable {
  private final Watchdog watchdog;
  private final Cluster cluster;
  private final Map<String, String> environment;

  private DemoServer(Watchdog watchdog, Cluster cluster, Map<String, String> environment) {
    this.watchdog = watchdog;
    this.cluster = cluster;
    this.environment = environment;
  }

  /// Unpacks, starts and fills a server, which takes a few seconds.
  ///
  /// @param archives the folder that holds the archive with the server for this platform
  /// @throws IOException if there is none for this platform, or it cannot run here
  /// @throws InterruptedException if the thread is interrupted; nothing is left then
  public static DemoServer start(Path archives) throws IOException, InterruptedException {
    return start(archives, Path.of(System.getProperty("java.io.tmpdir")));
  }

  /// @param parent where the temporary folder will be
  static DemoServer start(Path archives, Path parent) throws IOException, InterruptedException {
    Path archive = Platform.current().archive(archives);
    Path folder = Files.createTempDirectory(parent.toAbsolutePath().normalize(), "tapline-demo-");
    Watchdog watchdog = Watchdog.over(folder);
    try {
      Path programs = folder.resolve("server");
      ServerArchive.unpack(archive, programs);
      Cluster cluster = new Cluster(folder, Launch.find(folder, programs));
      cluster.initialize();
      cluster.fill();
      return new DemoServer(watchdog, cluster, cluster.start());
    } catch (IOException | InterruptedException | RuntimeException e) {
      try {
        watchdog.close();
      } catch (IOException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  /// How to connect: `PGHOST`, `PGPORT`, `PGDATABASE`, `PGUSER` and `PGPASSWORD`.
  public Map<String, String> environment() {
    return environment;
  }

  /// Somebody who changes what is in the shop.
  public Shopkeeper shopkeeper() throws IOException {
    return cluster.shopkeeper(Integer.parseInt(environment.getOrDefault("PGPORT", "")));
  }

  /// Ends the server and removes its folder. May be called again, and by any thread.
  @Override
  public void close() throws IOException {
    watchdog.close();
  }
}
