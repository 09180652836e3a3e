package dev.tapline.source.postgres.connection.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.source.postgres.fixtures.Follower;
import dev.tapline.source.postgres.fixtures.Pipeline;
import dev.tapline.source.postgres.testing.TestServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The server on the same machine, by its Unix socket.
class UnixSocketTest {
  // The names of sockets must be short, so the tests' own folders are too deep.
  private static Path folder;
  private static TestServer server;

  @BeforeAll
  static void start() throws IOException {
    folder = Files.createTempDirectory("tl-");
    server =
        TestServer.start(
            "unix_socket_directories = '" + folder + "'",
            "listen_addresses = '127.0.0.1'",
            "wal_level = logical",
            "max_wal_senders = 10");
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
    Files.deleteIfExists(folder);
  }

  private static Map<String, Object> settings(String database) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("host", folder.toString());
    settings.put("port", (long) server.port());
    settings.put("user", "postgres");
    settings.put("database", database);
    settings.put("plugin", "pgoutput");
    return settings;
  }

  @Test
  void tablesAreScannedAndTheLogIsFollowed() throws Exception {
    server.execute("CREATE DATABASE shop");
    server.executeIn(
        "shop",
        "CREATE TABLE t (id int PRIMARY KEY, filler text)",
        "INSERT INTO t SELECT i, repeat('x', 100) FROM generate_series(1, 100000) i");
    try (Follower follower = new Follower(settings("shop"), "public.t")) {
      follower.run();
      server.executeIn(
          "shop",
          "INSERT INTO t SELECT i, repeat('y', 100) FROM generate_series(100001, 200000) i",
          "UPDATE t SET filler = 'z' WHERE id <= 1000");
      follower.run();
      assertThat(follower.copy("public.t").rows).hasSize(200_000);
      assertThat(follower.changes).hasSize(101_000);
      assertThat(
              server.value(
                  "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'tapline' AND client_addr IS NOT NULL"))
          .isEqualTo("0");
    }
  }

  @Test
  void encryptionIsOfNoAccountThere() throws Exception {
    Map<String, Object> settings = settings("postgres");
    settings.put("sslmode", "require");
    try (Pipeline pipeline = new Pipeline(settings)) {
      assertThat(pipeline.discover().relations()).isNotNull();
    }
  }

  @Test
  void aSocketThatIsNotThereIsNamed() {
    Map<String, Object> settings = settings("postgres");
    settings.put("port", 1L);
    try (Pipeline pipeline = new Pipeline(settings)) {
      assertThatThrownBy(pipeline::discover)
          .hasMessageContaining(folder + "/.s.PGSQL.1")
          .hasMessageContaining("source.port");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void hangUp(Closeable end) throws IOException {
    end.close();
  }

  @Test
  void aReadWaitsForAsLongAsItIsTold() throws Exception {
    Path path = folder.resolve("own");
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(path));
      try (UnixSocket socket = UnixSocket.connect(path);
          SocketChannel other = listener.accept()) {
        byte[] bytes = new byte[10];
        socket.setSoTimeout(50);
        long begin = System.nanoTime();
        assertThatThrownBy(() -> socket.getInputStream().read(bytes))
            .isInstanceOf(SocketTimeoutException.class);
        assertThat(System.nanoTime() - begin).isBetween(45_000_000L, 5_000_000_000L);
        assertThat(socket.getInputStream().available()).isZero();
        other.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThat(socket.getInputStream().available()).isEqualTo(3);
        assertThat(socket.getInputStream().read()).isOne();
        assertThat(socket.getInputStream().read(bytes)).isEqualTo(2);
        socket.setSoTimeout(0);
        Thread closer =
            Thread.ofPlatform()
                .start(() -> {
                  try {
                    Thread.sleep(50);
                    hangUp(socket);
                  } catch (InterruptedException | IOException e) {
                    throw new IllegalStateException(e);
                  }
                });
        assertThatThrownBy(() -> socket.getInputStream().read(bytes))
            .isInstanceOf(SocketException.class);
        closer.join();
      }
    } finally {
      Files.deleteIfExists(path);
    }
  }

  @Test
  void moreIsWrittenThanTheOtherSideHasRoomFor() throws Exception {
    Path path = folder.resolve("full");
    try (ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      listener.bind(UnixDomainSocketAddress.of(path));
      try (UnixSocket socket = UnixSocket.connect(path);
          SocketChannel other = listener.accept()) {
        int size = 8 << 20;
        Thread writer =
            Thread.ofPlatform()
                .start(() -> {
                  try {
                    socket.getOutputStream().write(new byte[size]);
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                });
        ByteBuffer buffer = ByteBuffer.allocate(100_000);
        long came = 0;
        while (came < size) {
          buffer.clear();
          came += other.read(buffer);
        }
        writer.join();
        assertThat(came).isEqualTo(size);
        hangUp(other);
        assertThat(socket.getInputStream().read()).isEqualTo(-1);
      }
    } finally {
      Files.deleteIfExists(path);
    }
  }
}
