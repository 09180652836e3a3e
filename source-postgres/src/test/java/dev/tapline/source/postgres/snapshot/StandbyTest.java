package dev.tapline.source.postgres.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.source.postgres.fixtures.Pipeline;
import dev.tapline.source.postgres.testing.TestServer;
import dev.tapline.spi.TransientException;
import dev.tapline.spi.catalog.Finding;
import dev.tapline.spi.catalog.Stream;
import dev.tapline.spi.source.BatchReader;
import dev.tapline.spi.source.Snapshot;
import dev.tapline.spi.source.Split;
import dev.tapline.spi.source.StaleSplitException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A primary, and a standby that gives up at once whatever stands in the way of replication.
class StandbyTest {
  private static TestServer primary;
  private static TestServer standby;

  @BeforeAll
  static void start() {
    primary = TestServer.start("wal_level = replica", "autovacuum = off");
    primary.execute(
        "CREATE TABLE big AS SELECT i AS id, repeat('x', 500) AS filler FROM generate_series(1, 200000) i");
    standby = TestServer.standbyOf(primary, "max_standby_streaming_delay = 0");
    primary.awaitReplayOn(standby);
  }

  @AfterAll
  static void stop() {
    standby.close();
    primary.close();
  }

  private static Pipeline at(String hosts, String... more) {
    return Pipeline.at(
        "postgresql://postgres@%s/postgres?sslmode=disable%s"
            .formatted(hosts, more.length == 0 ? "" : "&" + String.join("&", more)));
  }

  private static String host(TestServer server) {
    return "127.0.0.1:" + server.port();
  }

  @Test
  void aConflictWithRecoveryMayPassAndIsMetWithSmallerSplits() throws Exception {
    try (Pipeline pipeline =
        Pipeline.at(standby.url() + "?sslmode=disable", "split-size", "128MB")) {
      Stream stream = pipeline.stream("public.big");
      int before;
      try (Snapshot snapshot = pipeline.source.openSnapshot(List.of(stream))) {
        List<Split> splits = pipeline.source.split(stream, snapshot, 1);
        before = splits.size();
        // The range is larger than what sockets hold, so that the server is still sending.
        try (BatchReader reader = pipeline.source.open(splits.getFirst())) {
          assertThat(reader.poll(Duration.ofSeconds(20))).isPresent();
          primary.execute("DELETE FROM big WHERE id % 2 = 0", "VACUUM big");
          // No view of the standby shows that its replication waits for the scan, whose process
          // notices only when it can send again; three seconds are a thousand times what it takes.
          Thread.sleep(3_000);
          assertThatThrownBy(() -> Pipeline.drain(reader, batch -> {}))
              .isInstanceOf(TransientException.class)
              .hasMessageContainingAll(
                  "public.big",
                  "conflict with recovery",
                  "set hot_standby_feedback = on there, or a longer max_standby_streaming_delay");
        }
      }
      try (Snapshot snapshot = pipeline.source.openSnapshot(List.of(stream))) {
        assertThat(pipeline.source.split(stream, snapshot, 1)).hasSizeGreaterThan(before);
      }
      primary.awaitReplayOn(standby);
      assertThat(pipeline.count("public.big")).isEqualTo(100_000);
    }
  }

  @Test
  void theCheckSaysWhatAStandbyNeeds() throws Exception {
    try (Pipeline pipeline = at(host(standby))) {
      assertThat(pipeline.source.check(List.of(pipeline.stream("public.big"))))
          .filteredOn(finding -> finding.subject().label(false).equals("standby"))
          .extracting(Finding::severity, Finding::remedy)
          .containsExactly(
              warning(
                  "ALTER SYSTEM SET hot_standby_feedback = on; SELECT pg_reload_conf(); on the standby"),
              warning(
                  "ALTER SYSTEM SET max_standby_streaming_delay = '30min'; SELECT pg_reload_conf(); on the standby"),
              warning(
                  "ALTER SYSTEM SET max_standby_archive_delay = '30min'; SELECT pg_reload_conf(); on the standby"));
      primary.execute("CREATE ROLE rds_superuser");
      try {
        primary.awaitReplayOn(standby);
        assertThat(pipeline.source.check(List.of()))
            .extracting(Finding::remedy)
            .contains("set hot_standby_feedback = 1 in the instance's DB parameter group");
      } finally {
        primary.execute("DROP ROLE rds_superuser");
      }
    }
  }

  private static org.assertj.core.groups.Tuple warning(String remedy) {
    return org.assertj.core.groups.Tuple.tuple(Finding.Severity.WARNING, remedy);
  }

  private static boolean readsFromTheStandby(String hosts, String target) throws IOException {
    try (Pipeline pipeline = at(hosts, "target_session_attrs=" + target)) {
      return pipeline.source.check(List.of()).stream()
          .anyMatch(finding -> finding.subject().label(false).equals("standby"));
    }
  }

  @Test
  void ofSeveralServersTheOneThatIsWantedIsTaken() throws Exception {
    String both = host(primary) + "," + host(standby);
    String dead = "127.0.0.1:1," + both;

    assertThat(readsFromTheStandby(both, "any")).isFalse();
    assertThat(readsFromTheStandby(dead, "any")).isFalse();
    for (String target : List.of("standby", "read-only", "prefer-standby")) {
      assertThat(readsFromTheStandby(dead, target)).as(target).isTrue();
    }
    for (String target : List.of("primary", "read-write")) {
      assertThat(readsFromTheStandby(host(standby) + "," + host(primary), target))
          .as(target)
          .isFalse();
    }
    assertThat(readsFromTheStandby(host(primary), "prefer-standby")).isFalse();
  }

  @Test
  void saysOfEachOfSeveralServersWhyItIsNotTaken() throws Exception {
    try (Pipeline pipeline = at("127.0.0.1:1," + host(primary), "target_session_attrs=standby")) {
      assertThatThrownBy(pipeline::discover)
          .isInstanceOf(IOException.class)
          .hasMessageContainingAll(
              "none of the servers can be used",
              "nothing listens on 127.0.0.1:1",
              "the server at "
                  + host(primary)
                  + " is not what target_session_attrs standby asks for");
    }
  }

  @Test
  void aSnapshotOfOneServerIsNotLookedForOnAnother() throws Exception {
    try (Pipeline first = at(host(primary));
        Pipeline second = at(host(standby))) {
      Stream stream = first.stream("public.big");
      try (Snapshot snapshot = first.source.openSnapshot(List.of(stream))) {
        Split split = first.source.split(stream, snapshot, 1).getFirst();
        assertThatThrownBy(() -> second.source.open(split))
            .isInstanceOf(StaleSplitException.class)
            .hasMessageContaining(
                "the snapshot is on %s, and the connection now goes to %s"
                    .formatted(host(primary), host(standby)));
      }
    }
  }

  @Test
  void theKeysOfTheDescriptorSayTheSame() throws Exception {
    try (Pipeline pipeline =
        new Pipeline(
            Map.of(
                "host", "127.0.0.1,localhost",
                "port", standby.port(),
                "user", "postgres",
                "database", "postgres",
                "target-session-attrs", "standby"))) {
      assertThat(pipeline.discover().relations()).isNotEmpty();
    }
  }
}
