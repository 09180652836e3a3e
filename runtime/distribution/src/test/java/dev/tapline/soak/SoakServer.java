package dev.tapline.soak;

import dev.tapline.source.postgres.testing.PostgresContainer;
import dev.tapline.source.postgres.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// The source's server.
interface SoakServer extends AutoCloseable {
  /// A connection of the superuser, whom nothing that the soak does shuts out.
  Connection connect() throws SQLException;

  /// `host:port`, for the pipelines.
  String address();

  /// Stops it without letting it write down anything more, and starts it again.
  void crash() throws Exception;

  /// Whether its folder can be copied and put back.
  boolean hasFolder();

  /// Copies its folder while it is stopped.
  void save(Path to) throws Exception;

  /// Puts a copy in the place of its folder.
  void restore(Path from) throws Exception;

  @Override
  void close();

  static SoakServer start(SoakSettings settings) throws Exception {
    return settings.wal2json() ? Container.begin() : Embedded.begin(settings.server());
  }

  /// @param server from the class path, or from the matrix
  record Embedded(TestServer server) implements SoakServer {
    static Embedded begin(String version) throws IOException {
      TestServer server =
          TestServer.startVersion(
              version, "wal_level = logical", "max_wal_senders = 20", "max_replication_slots = 20");
      Path access = server.data().resolve("pg_hba.conf");
      List<String> lines =
          Stream.concat(
                  Stream.of(
                      "host all soak 127.0.0.1/32 scram-sha-256",
                      "host replication soak 127.0.0.1/32 scram-sha-256"),
                  Files.readAllLines(access).stream())
              .toList();
      Files.write(access, lines);
      server.reload();
      return new Embedded(server);
    }

    @Override
    public Connection connect() throws SQLException {
      return server.connect("postgres");
    }

    @Override
    public String address() {
      return "127.0.0.1:" + server.port();
    }

    @Override
    public void crash() {
      server.stop();
      server.startUp();
    }

    @Override
    public boolean hasFolder() {
      return true;
    }

    @Override
    public void save(Path to) throws Exception {
      server.execute("CHECKPOINT");
      server.stop();
      copy(server.data(), to);
      server.startUp();
    }

    @Override
    public void restore(Path from) throws Exception {
      server.stop();
      copy(from, server.data());
      server.startUp();
    }

    private static void copy(Path from, Path to) throws Exception {
      if (Files.exists(to)) {
        try (Stream<Path> files = Files.walk(to)) {
          for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
            Files.delete(file);
          }
        }
      }
      Process copying = new ProcessBuilder("cp", "-a", from.toString(), to.toString()).start();
      if (copying.waitFor() != 0) {
        throw new IOException("cannot copy " + from);
      }
    }

    @Override
    public void close() {
      server.close();
    }
  }

  /// @param server PostgreSQL 15 with wal2json
  record Container(PostgresContainer server) implements SoakServer {
    static Container begin() throws IOException {
      PostgresContainer server =
          new PostgresContainer("-c", "wal_level=logical", "-c", "fsync=off").withFixedPort();
      server.start();
      return new Container(server);
    }

    @Override
    public Connection connect() throws SQLException {
      return server.connect("postgres");
    }

    @Override
    public String address() {
      return server.getHost() + ":" + server.getFirstMappedPort();
    }

    @Override
    public void crash() throws Exception {
      server.stopAtOnce();
      server.startUp();
    }

    @Override
    public boolean hasFolder() {
      return false;
    }

    @Override
    public void save(Path to) {
      throw new UnsupportedOperationException("its folder is the container's");
    }

    @Override
    public void restore(Path from) {
      throw new UnsupportedOperationException("its folder is the container's");
    }

    @Override
    public void close() {
      server.stop();
    }
  }
}
