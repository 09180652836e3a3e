package dev.tapline.source.postgres.connection.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tapline.source.postgres.fixtures.Follower;
import dev.tapline.source.postgres.fixtures.Pipeline;
import dev.tapline.source.postgres.testing.SharedServer;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.ChangeLog.Extent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// When a silent connection shows firewalls that it is there.
@EnabledOnOs(OS.LINUX)
class KeepalivesTest {
  // Of the kernel's table of connections: the timer of a connection of which nothing is outstanding
  // is that of keepalives, and counts hundredths of a second.
  private static final int REMOTE = 2;
  private static final int STATE = 3;
  private static final int TIMER = 5;
  private static final String ESTABLISHED = "01";
  private static final String KEEPALIVE = "02:";
  private static final String NONE = "00:";

  private final TestServer server = SharedServer.get();
  private final String database = SharedServer.database();

  /// Seconds until each of the connections to the server speaks up; -1 for one that never does.
  private List<Integer> seconds() throws IOException {
    List<Integer> seconds = new ArrayList<>();
    String port = "%04X".formatted(server.port());
    for (String table : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      for (String line : Files.readAllLines(Path.of(table))) {
        String[] fields = line.strip().split("\\s+");
        if (fields[STATE].equals(ESTABLISHED) && fields[REMOTE].endsWith(":" + port)) {
          String timer = fields[TIMER];
          if (timer.startsWith(KEEPALIVE)) {
            seconds.add(Integer.parseInt(timer.substring(KEEPALIVE.length()), 16) / 100);
          } else if (timer.startsWith(NONE)) {
            seconds.add(-1);
          }
        }
      }
    }
    return seconds;
  }

  @Test
  void everyConnectionSpeaksUpAfterAMinute() throws Exception {
    server.executeIn(database, "CREATE TABLE t (id int PRIMARY KEY)");
    List<Integer> before = seconds();
    try (Follower follower =
            new Follower(
                Map.of("url", server.url(database), "plugin", "pgoutput", "slot", database),
                "public.t");
        BatchReader reader = follower.begin(Extent.CONTINUOUS)) {
      follower.step(reader);
      List<Integer> found = new ArrayList<>(seconds());
      before.forEach(found::remove);
      assertThat(found).isNotEmpty().allMatch(each -> each >= 0 && each <= 60);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "keepalives_idle=33, 25, 33",
    "keepalives=0, -1, -1",
    "tcp_user_timeout=20000, 1, 10",
    "tcp_user_timeout=30000000, 1, 60",
    "keepalives_idle=0, 3600, 7200"
  })
  void aUrlSaysOtherwise(String parameters, int least, int most) throws Exception {
    List<Integer> before = seconds();
    try (Pipeline pipeline = Pipeline.at(server.url(database) + "?" + parameters)) {
      pipeline.discover();
      List<Integer> found = new ArrayList<>(seconds());
      before.forEach(found::remove);
      assertThat(found).isNotEmpty().allMatch(each -> each >= least && each <= most);
    }
  }
}
