package dev.tapline.demo;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Map;

/// The data folder of a server: made, filled, and served.
final class Cluster {
  private static final String HOST = "127.0.0.1";
  private static final String DATABASE = "shop";
  private static final String USER = "tapline";
  private static final String SHOPKEEPER = "shopkeeper";
  private static final int ATTEMPTS = 3;
  private static final int PASSWORD_BYTES = 16;

  // Nothing of this server outlives the demo, so it need not survive a crash. Commits are written
  // at
  // once nevertheless: the log's end, to which a run reads, is what was written.
  private static final String SETTINGS =
      """
      listen_addresses = '%s'
      unix_socket_directories = ''
      timezone = 'UTC'
      fsync = off
      full_page_writes = off
      wal_level = minimal
      max_wal_senders = 0
      autovacuum = off
      jit = off
      shared_buffers = 64MB
      huge_pages = off
      dynamic_shared_memory_type = mmap
      io_method = sync
      """
          .formatted(HOST);

  private static final String ACCESS =
      """
      host %1$s %2$s %4$s/32 scram-sha-256
      host %1$s %3$s %4$s/32 password
      """
          .formatted(DATABASE, USER, SHOPKEEPER, HOST);

  // Filling goes without: the log would only hold the shop once more.
  private static final String LOGGING =
      " -c wal_level=logical -c max_wal_senders=4 -c max_replication_slots=4";

  // In single-user mode the server goes on with the object numbers of its own catalogs. Tables of
  // such numbers, below 16384, are never published; so the numbers are used up first.
  private static final String USER_NUMBERS =
      """
      SELECT count(lo_create(0)) FROM generate_series(1, 4400);

      SELECT count(lo_unlink(oid)) FROM pg_largeobject_metadata;

      """;

  private final Path folder;
  private final Path data;
  private final Launch launch;
  private final String password = random();
  private final String shopkeeperPassword = random();

  Cluster(Path folder, Launch launch) {
    this.folder = folder;
    this.data = folder.resolve("data");
    this.launch = launch;
  }

  private static String random() {
    byte[] random = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  /// Makes an empty cluster. Nobody can log in as its superuser: [#fill] needs no server.
  void initialize() throws IOException, InterruptedException {
    Programs.run(
        launch.command(
            "initdb",
            "--pgdata=" + data,
            "--username=postgres",
            "--auth=reject",
            "--encoding=UTF8",
            "--no-locale",
            "--no-sync"),
        folder.resolve("initdb.log"));
    Files.writeString(data.resolve("postgresql.conf"), SETTINGS, StandardOpenOption.APPEND);
    Files.writeString(data.resolve("pg_hba.conf"), ACCESS);
  }

  /// Makes the shop and the role that may read it, in the server's single-user mode: that needs no
  /// client, no port, and no other process.
  void fill() throws IOException, InterruptedException {
    single("postgres", USER_NUMBERS);
    single(
        "postgres",
        "CREATE ROLE %s LOGIN REPLICATION PASSWORD '%s';\n\nCREATE ROLE %s LOGIN PASSWORD '%s';\n\nCREATE DATABASE %s;\n\n"
            .formatted(USER, password, SHOPKEEPER, shopkeeperPassword, DATABASE));
    single(DATABASE, resource("shop.sql"));
  }

  /// Starts the server, and waits until it is ready.
  ///
  /// @return how to connect, as libpq's environment variables
  Map<String, String> start() throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      int port = freePort();
      try {
        Programs.run(
            launch.command(
                "pg_ctl",
                "start",
                "--wait",
                "--pgdata=" + data,
                "--log=" + data.resolve("server.log"),
                "--options=-p " + port + LOGGING),
            folder.resolve("start.log"));
        return Map.of(
            "PGHOST", HOST,
            "PGPORT", Integer.toString(port),
            "PGDATABASE", DATABASE,
            "PGUSER", USER,
            "PGPASSWORD", password);
      } catch (IOException e) {
        // Between finding a free port and listening on it, somebody else may have taken it.
        if (attempt == ATTEMPTS) {
          Path log = data.resolve("server.log");
          throw new IOException(
              e.getMessage() + (Files.exists(log) ? ": " + Programs.reason(log) : ""), e);
        }
      }
    }
  }

  Shopkeeper shopkeeper(int port) throws IOException {
    return new Shopkeeper(
        new Wire(InetAddress.ofLiteral(HOST), port, DATABASE, SHOPKEEPER, shopkeeperPassword));
  }

  /// Runs statements, each ended by a semicolon and an empty line.
  private void single(String database, String statements) throws IOException, InterruptedException {
    Path script = Files.writeString(folder.resolve("script.sql"), statements);
    Programs.run(
        launch.command(
            "postgres",
            "--single",
            "-j",
            "-D",
            data.toString(),
            "-c",
            "exit_on_error=on",
            database),
        script,
        folder.resolve("single.log"));
    Files.delete(script);
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = Cluster.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("the resource '" + name + "' is missing from dev.tapline.demo");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral(HOST))) {
      return socket.getLocalPort();
    }
  }
}
