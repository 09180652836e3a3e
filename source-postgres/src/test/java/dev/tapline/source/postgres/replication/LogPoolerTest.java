package dev.tapline.source.postgres.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tapline.source.postgres.fixtures.Follower;
import dev.tapline.source.postgres.fixtures.LogDatabase;
import dev.tapline.source.postgres.preflight.LogCheckTest;
import dev.tapline.source.postgres.testing.SharedServer;
import dev.tapline.source.postgres.testing.StrippingProxy;
import dev.tapline.source.postgres.testing.TestServer;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A pooler in between that takes the parameter `replication` away.
class LogPoolerTest {
  private final TestServer server = SharedServer.get();
  private LogDatabase database;

  @BeforeEach
  void createDatabase() {
    database = LogDatabase.at(server, SharedServer.database(), Map.of("plugin", "pgoutput"));
    database.execute("CREATE TABLE t (id int PRIMARY KEY)");
  }

  private Map<String, Object> through(StrippingProxy proxy) {
    Map<String, Object> settings = new HashMap<>(database.settings());
    settings.put(
        "url", database.url().replace(":" + server.port() + "/", ":" + proxy.port() + "/"));
    return settings;
  }

  @Test
  void checkSpeaksTheProtocolOfReplication() throws Exception {
    try (StrippingProxy proxy = new StrippingProxy(server.port(), "replication")) {
      assertThat(LogCheckTest.wrong(LogCheckTest.check(through(proxy), "public.t")))
          .singleElement()
          .asString()
          .startsWith("replication: ")
          .contains("does not speak the replication protocol")
          .contains("pooler");
    }
    try (StrippingProxy proxy = new StrippingProxy(server.port())) {
      assertThat(LogCheckTest.wrong(LogCheckTest.check(through(proxy), "public.t"))).isEmpty();
    }
  }

  @Test
  void aRunSaysItAndLeavesNoSlot() throws Exception {
    try (StrippingProxy proxy = new StrippingProxy(server.port(), "replication");
        Follower follower = new Follower(through(proxy), "public.t")) {
      assertThatThrownBy(follower::run)
          .hasMessageContaining("does not speak the replication protocol")
          .hasMessageContaining("pooler");
      assertThat(
              database.value(
                  "SELECT count(*) FROM pg_replication_slots WHERE database = current_database()"))
          .isEqualTo("0");
    }
  }

  @Test
  void aRunThatGoesOnThroughAPoolerSaysItToo() throws Exception {
    try (Follower direct = database.follower("public.t");
        StrippingProxy proxy = new StrippingProxy(server.port(), "replication");
        Follower follower = new Follower(through(proxy), "public.t")) {
      direct.run();
      follower.state.putAll(direct.state);
      assertThatThrownBy(follower::run)
          .hasMessageContaining("does not speak the replication protocol");
    }
  }
}
