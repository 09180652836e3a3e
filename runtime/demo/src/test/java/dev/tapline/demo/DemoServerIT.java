package dev.tapline.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Starts real servers, from the archive that the distribution carries.
class DemoServerIT {
  private static final Path ARCHIVES = Path.of("target", "server");
  private static final Map<String, Long> ROWS =
      Map.of(
          "customers", 40_000L,
          "products", 2_000L,
          "orders", 108_000L,
          "order_lines", 270_000L,
          "events", 80_000L);

  @TempDir Path temporary;

  private static DemoServer server;

  @BeforeAll
  static void start() throws Exception {
    server = DemoServer.start(ARCHIVES);
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
  }

  @Test
  void hasTheRowsAndTheEstimatesThatItPromises() throws Exception {
    try (Connection connection = connect(server)) {
      for (Map.Entry<String, Long> table : ROWS.entrySet()) {
        String name = table.getKey();
        String rows = Long.toString(table.getValue());
        assertThat(text(connection, "SELECT count(*) FROM " + name)).isEqualTo(rows);
        String estimate = "SELECT reltuples::bigint FROM pg_class WHERE relname = '" + name + "'";
        assertThat(text(connection, estimate)).isEqualTo(rows);
      }
    }
  }

  @Test
  void letsItsRoleReadAndNothingElse() throws Exception {
    try (Connection connection = connect(server)) {
      assertThat(text(connection, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
      for (String name : ROWS.keySet()) {
        assertThatThrownBy(() -> text(connection, "DELETE FROM " + name + " RETURNING 1"))
            .hasMessageContaining("permission denied for table " + name);
      }
      assertThatThrownBy(() -> text(connection, "CREATE TABLE mine ()"))
          .hasMessageContaining("permission denied for schema public");
    }
  }

  @Test
  void isChangedByItsShopkeeperInAWayThatCanBeFollowed() throws Exception {
    try (DemoServer own = DemoServer.start(ARCHIVES, temporary);
        Connection connection = connect(own);
        Shopkeeper shopkeeper = own.shopkeeper()) {
      assertThat(text(connection, "SHOW wal_level")).isEqualTo("logical");
      assertThat(text(connection, "SELECT count(*) FROM pg_publication_tables")).isEqualTo("5");
      assertThat(
              text(
                  connection,
                  "SELECT min(oid::bigint) > 16383 FROM pg_class WHERE relname IN ('customers', 'events')"))
          .as("tables of lower numbers are never published")
          .isEqualTo("t");
      String before = text(connection, "SELECT max(id) FROM orders");

      shopkeeper.trade();
      shopkeeper.trade();

      assertThat(text(connection, "SELECT max(id) - 10 FROM orders")).isEqualTo(before);
      assertThat(text(connection, "SELECT count(*) FROM events")).isEqualTo("79960");
    }
  }

  @Test
  void saysWhyTheShopkeeperCannotTrade() throws Exception {
    Shopkeeper shopkeeper;
    try (DemoServer own = DemoServer.start(ARCHIVES, temporary)) {
      shopkeeper = own.shopkeeper();
    }
    try (shopkeeper) {
      assertThatThrownBy(shopkeeper::trade).isInstanceOf(IOException.class);
    }
  }

  @Test
  void letsNobodyInWithoutItsPassword() {
    String password = server.environment().get("PGPASSWORD");
    assertThatThrownBy(() -> connect(server, "tapline", "guessed"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("password authentication failed");
    assertThatThrownBy(() -> connect(server, "postgres", password))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("pg_hba.conf");
  }

  @Test
  void holdsTheSameShopEachTimeAndLeavesNothingWhenItIsClosed() throws Exception {
    DemoServer second = DemoServer.start(ARCHIVES, temporary);
    assertThat(contents(second)).isEqualTo(contents(server));
    assertThat(folders(temporary)).hasSize(1);

    second.close();
    second.close();

    assertThat(folders(temporary)).isEmpty();
    int port = Integer.parseInt(second.environment().get("PGPORT"));
    assertThatThrownBy(() -> new Socket("127.0.0.1", port)).isInstanceOf(ConnectException.class);
  }

  @Test
  void diesWithAProcessThatIsKilledWhileItServes() throws Exception {
    Process process = host();
    try (BufferedReader lines = process.inputReader()) {
      assertThat(lines.readLine()).isEqualTo("begun");
      int port = Integer.parseInt(lines.readLine());
      assertThat(folders(temporary)).hasSize(1);
      process.destroyForcibly().waitFor();
      awaitNoFolders();
      awaitNoProcesses();
      assertThatThrownBy(() -> new Socket("127.0.0.1", port)).isInstanceOf(ConnectException.class);
    }
  }

  @Test
  void leavesNothingWhereverItsStartIsKilled() throws Exception {
    for (int milliseconds : new int[] {100, 600, 1_200, 1_800, 2_400, 3_200}) {
      Process process = host();
      try (BufferedReader lines = process.inputReader()) {
        assertThat(lines.readLine()).isEqualTo("begun");
        Thread.sleep(milliseconds);
        process.destroyForcibly().waitFor();
      }
      awaitNoFolders();
      awaitNoProcesses();
    }
  }

  @Test
  void leavesNothingWhenItsStartIsInterrupted() throws Exception {
    List<Throwable> thrown = new ArrayList<>();
    Thread thread =
        Thread.ofPlatform()
            .start(() -> {
              try (DemoServer server = DemoServer.start(ARCHIVES, temporary)) {
                thrown.add(new AssertionError("it started: " + server));
              } catch (IOException | InterruptedException e) {
                thrown.add(e);
              }
            });
    awaitFolder();
    thread.interrupt();
    thread.join();
    assertThat(thrown).singleElement().isInstanceOf(InterruptedException.class);
    assertThat(folders(temporary)).isEmpty();
  }

  private Process host() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djava.io.tmpdir=" + temporary,
            "-cp",
            System.getProperty("java.class.path"),
            DemoServerHost.class.getName(),
            ARCHIVES.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  // It has begun, and has most of its work before it.
  private void awaitFolder() throws Exception {
    Instant deadline = Instant.now().plus(Duration.ofSeconds(20));
    while (folders(temporary).isEmpty() && Instant.now().isBefore(deadline)) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    assertThat(folders(temporary)).isNotEmpty();
  }

  private void awaitNoFolders() throws Exception {
    Instant deadline = Instant.now().plus(Duration.ofSeconds(20));
    while (!folders(temporary).isEmpty() && Instant.now().isBefore(deadline)) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    assertThat(folders(temporary)).isEmpty();
  }

  // One that was killed is there until the system is done with it.
  private void awaitNoProcesses() throws Exception {
    Instant deadline = Instant.now().plus(Duration.ofSeconds(20));
    while (!processesOf(temporary).isEmpty() && Instant.now().isBefore(deadline)) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    assertThat(processesOf(temporary)).isEmpty();
  }

  private static List<Path> folders(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("tapline-demo-"))
          .sorted()
          .toList();
    }
  }

  /// The processes whose program lies in the folder. The command line of others is not looked at:
  /// it may name the folder for reasons of its own.
  private static List<String> processesOf(Path folder) throws IOException {
    List<String> found = new ArrayList<>();
    for (ProcessHandle handle : ProcessHandle.allProcesses().toList()) {
      handle
          .info()
          .command()
          .filter(path -> path.startsWith(folder.toString()))
          .ifPresent(found::add);
    }
    return found;
  }

  private static Map<String, String> contents(DemoServer server) throws SQLException {
    Map<String, String> contents = new TreeMap<>();
    try (Connection connection = connect(server)) {
      for (String table : ROWS.keySet()) {
        String digest =
            "SELECT md5(string_agg(t::text, ';' ORDER BY t::text)) FROM " + table + " t";
        contents.put(table, text(connection, digest));
      }
    }
    return contents;
  }

  private static Connection connect(DemoServer server) throws SQLException {
    return connect(
        server, server.environment().get("PGUSER"), server.environment().get("PGPASSWORD"));
  }

  private static Connection connect(DemoServer server, String user, String password)
      throws SQLException {
    Map<String, String> environment = server.environment();
    String url =
        "jdbc:postgresql://%s:%s/%s"
            .formatted(
                environment.get("PGHOST"),
                environment.get("PGPORT"),
                environment.get("PGDATABASE"));
    return DriverManager.getConnection(url, user, password);
  }

  private static String text(Connection connection, String query) throws SQLException {
    try (ResultSet result = connection.createStatement().executeQuery(query)) {
      assertThat(result.next()).isTrue();
      return new String(result.getBytes(1), StandardCharsets.UTF_8);
    }
  }
}
