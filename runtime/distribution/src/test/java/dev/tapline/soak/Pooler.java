package dev.tapline.soak;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/// PgBouncer in front of the server, with a pool of transactions that an application shares with a
/// pipeline of FULL_TABLE: it must read what there is, and leave the application's sessions alone.
final class Pooler {
  private static final Path PROGRAM = Path.of("/usr/sbin/pgbouncer");
  private static final int LOOKS = 8;
  private static final String SETTINGS =
      "SELECT name || '=' || setting FROM pg_settings WHERE name IN ('default_transaction_read_only',"
          + " 'search_path', 'row_security', 'IntervalStyle', 'DateStyle', 'TimeZone', 'bytea_output',"
          + " 'extra_float_digits', 'statement_timeout', 'lock_timeout', 'default_transaction_isolation')";

  private final Path folder;
  private final int port;
  private final Process process;

  private Pooler(Path folder, int port, Process process) {
    this.folder = folder;
    this.port = port;
    this.process = process;
  }

  static boolean isInstalled() {
    return Files.isExecutable(PROGRAM);
  }

  static Pooler start(String server, String password) throws IOException, InterruptedException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    Path folder =
        Files.createTempDirectory(
            "tapline-pooler-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    Path configuration = folder.resolve("pgbouncer.ini");
    String[] address = server.split(":");
    Files.writeString(
        configuration,
        """
        [databases]
        postgres = host=%s port=%s dbname=postgres user=soak password='%s'
        [pgbouncer]
        listen_addr = 127.0.0.1
        listen_port = %d
        unix_socket_dir =
        auth_type = any
        pool_mode = transaction
        default_pool_size = 2
        ignore_startup_parameters = extra_float_digits, options
        """
            .formatted(address[0], address[1], password, port));
    List<String> command = new ArrayList<>(List.of(PROGRAM.toString()));
    if (System.getProperty("user.name").equals("root")) {
      command.addAll(List.of("-u", "nobody"));
    }
    command.add(configuration.toString());
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    Pooler pooler = new Pooler(folder, port, process);
    for (int i = 0; i < 100; i++) {
      try {
        pooler.connect().close();
        return pooler;
      } catch (SQLException e) {
        process.waitFor(100, TimeUnit.MILLISECONDS);
      }
    }
    String log = Files.readString(folder.resolve("log"));
    pooler.end();
    throw new IOException("the pooler does not start: " + log);
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  /// What sessions of the application have, as far as they are seen to differ.
  Set<String> settings() throws SQLException {
    Set<String> settings = new TreeSet<>();
    List<Connection> sessions = new ArrayList<>();
    try {
      for (int i = 0; i < LOOKS; i++) {
        Connection session = connect();
        sessions.add(session);
        try (Statement statement = session.createStatement();
            ResultSet rows = statement.executeQuery(SETTINGS)) {
          while (rows.next()) {
            settings.add(rows.getString(1));
          }
        }
      }
    } finally {
      for (Connection session : sessions) {
        session.close();
      }
    }
    return settings;
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:"
            + port
            + "/postgres?user=soak&password=any&prepareThreshold=0");
  }

  void end() throws IOException, InterruptedException {
    process.destroy();
    process.waitFor();
    for (String file : List.of("pgbouncer.ini", "log")) {
      Files.deleteIfExists(folder.resolve(file));
    }
    Files.deleteIfExists(folder);
  }
}
