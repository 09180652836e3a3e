package dev.tapline.source.postgres.testing;

import java.util.concurrent.atomic.AtomicInteger;

/// One server for all tests of a JVM, each of which takes a database of its own.
public final class SharedServer {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private SharedServer() {}

  private static final class Holder {
    static final TestServer SERVER =
        TestServer.start(
            "max_locks_per_transaction = 1000",
            "wal_level = logical",
            "max_replication_slots = 200",
            "max_wal_senders = 40",
            "max_connections = 100");
  }

  /// The server.
  public static TestServer get() {
    return Holder.SERVER;
  }

  /// Creates an empty database and returns its name.
  public static String database() {
    String name = "test_" + NUMBER.incrementAndGet();
    get().execute("CREATE DATABASE " + name);
    return name;
  }
}
